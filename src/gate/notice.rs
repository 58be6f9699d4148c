//! Which way a notice goes: into the registrar's queue, or into the outbox as mail, in its cause's transaction.

use super::account::rules_of;
use super::change::{Change, Told};
use super::{Cx, Gate};
use crate::clock::Ts;
use crate::epp::notice::{Audience, Kind, Notice};
use crate::epp::types::RegistrarId;
use crate::policy::{Policies, PolicyError, PollFallback, PollPolicy};
use crate::store::mail::MailSettings;
use crate::store::outbox::{Mail, MailState};
use crate::store::{Ids, StoreError, Tx};

/// What is said of a mail that nobody can get.
pub const NO_ADDRESS: &str = "the registrar has no address for it";

/// Whether poll is on for an account: its own choice where it has one.
#[must_use]
pub fn poll_is_on(settings: &MailSettings, policy: &PollPolicy) -> bool {
    settings.poll.filter(|_| policy.opt_in).unwrap_or(policy.default_on)
}

/// The addresses an audience has now: those of its category, or the general one where it falls back (S41).
///
/// # Errors
/// The database's trouble.
pub async fn addresses(
    tx: &mut Tx,
    of: &RegistrarId,
    settings: &MailSettings,
    audience: Audience,
) -> Result<Vec<String>, StoreError> {
    let own = match audience {
        Audience::General => Vec::new(),
        Audience::Machines => settings.automated.iter().cloned().collect(),
        category => tx.mail_addresses(of, category).await?,
    };
    if own.is_empty() && audience.falls_back() {
        return Ok(settings.general.iter().cloned().collect());
    }
    Ok(own)
}

/// What a notice needs to go its way.
struct Post<'a> {
    policies: &'a Policies,
    /// The server's own profile.
    server: &'a str,
    ids: &'a Ids,
    now: Ts,
}

/// Writes a notice of a command's in the command's transaction.
pub(super) async fn deliver(cx: &mut Cx<'_>, to: &RegistrarId, notice: &Notice) -> Result<(), StoreError> {
    let post = Post { policies: cx.policies, server: &cx.server_profile().id, ids: cx.ids, now: cx.now };
    send(cx.tx, &post, to, notice, None).await
}

/// Writes what a registrar is told of in the command's transaction: a notice, a change, or the notice of a change.
pub(super) async fn deliver_joined(
    cx: &mut Cx<'_>,
    notice: Option<(RegistrarId, Box<Notice>)>,
    change: Option<Change>,
) -> Result<(), StoreError> {
    let whom = notice.as_ref().map(|(to, _)| to).or(change.as_ref().map(|change| &change.to));
    let Some(to) = whom.cloned() else { return Ok(()) };
    let with_before = match &change {
        Some(_) => cx.account_rules(&to).await?.change_poll.before,
        None => false,
    };
    let told = change.and_then(|change| cx.told(change, with_before));
    let post = Post { policies: cx.policies, server: &cx.server_profile().id, ids: cx.ids, now: cx.now };
    match (notice, told) {
        (Some((to, notice)), told) => send(cx.tx, &post, &to, &notice, told.as_ref()).await,
        (None, Some(told)) => send(cx.tx, &post, &to, &told.own(), Some(&told)).await,
        (None, None) => Ok(()),
    }
}

impl Gate {
    /// Writes a notice in a transaction that runs past the usual way of a command, as that of a login.
    ///
    /// # Errors
    /// The database's trouble.
    pub(crate) async fn notify(
        &self,
        tx: &mut Tx,
        now: Ts,
        to: &RegistrarId,
        notice: &Notice,
    ) -> Result<(), StoreError> {
        let post = Post { policies: self.policies(), server: &self.profile().id, ids: self.ids(), now };
        send(tx, &post, to, notice, None).await
    }
}

/// Sends a notice its way. Of a change that it tells, the queue has the states; a mail is of words.
async fn send(
    tx: &mut Tx,
    post: &Post<'_>,
    to: &RegistrarId,
    notice: &Notice,
    told: Option<&Told>,
) -> Result<(), StoreError> {
    let Some(settings) = tx.mail_settings(to).await? else { return Ok(()) };
    let rules = rules_of(post.policies, post.server, settings.profile.as_deref())?;
    let kind = notice.kind();
    if rules.notify.disabled_kinds.contains(kind.tag) {
        return Ok(());
    }
    if !kind.is_polled() {
        return mail(tx, post, to, &settings, notice).await;
    }
    if poll_is_on(&settings, &rules.poll) {
        let told = told.filter(|told| !rules.notify.disabled_kinds.contains(told.own().kind().tag));
        if let Some(first) = told.and_then(|told| told.first.as_ref()) {
            tx.poll_insert(post.ids.next(), to, post.now, first, None).await?;
        }
        let with = told.map(|told| (&told.with.data, &told.with.change));
        return tx.poll_insert(post.ids.next(), to, post.now, notice, with).await;
    }
    match rules.poll.fallback {
        PollFallback::None => Ok(()),
        PollFallback::Mail => mail(tx, post, to, &settings, notice).await,
    }
}

/// Puts a notice into the outbox. What is for machines is kept even where nobody can get it; what is for people who
/// named no address is not written.
async fn mail(
    tx: &mut Tx,
    post: &Post<'_>,
    to: &RegistrarId,
    settings: &MailSettings,
    notice: &Notice,
) -> Result<(), StoreError> {
    let kind = notice.kind();
    let recipients = addresses(tx, to, settings, kind.audience).await?;
    let (state, error) = match recipients.is_empty() {
        false => (MailState::Waiting, ""),
        true if kind.is_polled() => (MailState::Dead, NO_ADDRESS),
        true => return Ok(()),
    };
    let id = post.ids.next();
    let letter = notice.letter(to, id, post.now, &settings.langs);
    tx.mail_insert(&Mail {
        id,
        registrar: to.clone(),
        queued_at: post.now,
        kind: kind.tag.to_owned(),
        category: kind.audience.name().to_owned(),
        recipients,
        subject: letter.subject,
        body: letter.body,
        state,
        tries: 0,
        next_at: post.now,
        sent_at: None,
        error: error.to_owned(),
        code: None,
    })
    .await
}

/// Refuses profiles that disable notices that do not exist.
pub(super) fn check_profiles(policies: &Policies) -> Result<(), PolicyError> {
    for name in policies.names() {
        let profile = policies.profile(name)?;
        let mut disabled = profile.account.notify.disabled_kinds.iter();
        if let Some(tag) = disabled.find(|tag| Kind::parse(tag).is_none()) {
            let fault = format!("account.notify.disabled_kinds: there is no notice {tag:?}");
            return Err(PolicyError::Invalid { name: name.to_owned(), fault });
        }
    }
    Ok(())
}
