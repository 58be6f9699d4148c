//! Notices in words.

use super::{Awaited, Held, Mailing, Notice, Transferred};
use crate::epp::command::AddressList;
use crate::epp::reply::TransferStatus;
use crate::epp::types::Lang;

impl Notice {
    /// What happened, in one line of that language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => english(self),
            Lang::Fr => french(self),
        }
    }

    /// What a mail of it says to people; more than one line only where the operator wrote it.
    #[must_use]
    pub(super) fn body(&self, lang: Lang) -> String {
        match self {
            Self::Mailing(mailing) => {
                mailing.words(lang).map(|words| words.body.trim_end().to_owned()).unwrap_or_default()
            }
            _ => self.text(lang),
        }
    }
}

fn english(notice: &Notice) -> String {
    match notice {
        Notice::HitpointsWarning { level, points, limit } => format!(
            "Hitpoints warning, level={level}: faulty commands have cost {points} of {limit} points today; at the \
             limit the account is blocked"
        ),
        Notice::HitpointsReached { level, until } => {
            format!("Hitpoints limit reached, level={level}: the account is blocked until {until}")
        }
        Notice::Unblocked { by_self, points } => {
            let by = if *by_self { "the registrar itself" } else { "the registry" };
            format!("The account is unblocked by {by}; it has {points} hitpoints.")
        }
        Notice::Watermark { level, balance, currency } => {
            format!("Watermark reached, level={level}: the balance is {balance} {currency}")
        }
        Notice::ExpectedShortfall { month, amount, balance, currency } => format!(
            "{amount} {currency} are going to be charged until the end of {}, and the balance is {balance} {currency}.",
            of_year(*month)
        ),
        Notice::Overdrawn { balance, currency, refused } => {
            let waits = match &refused[..] {
                [] => String::new(),
                ops => format!("; refused until it is paid: {}", ops.join(", ")),
            };
            format!("The account is overdrawn: the balance is {balance} {currency}{waits}")
        }
        Notice::ProtectedReached { max, until } => {
            format!("The {max} protected transactions of the day are used; there are more from {until} on.")
        }
        Notice::AccessListChanged { list, added, removed, by } => {
            let of = match list {
                AddressList::Epp => "for EPP",
                AddressList::Web => "for the portal",
            };
            let changes = changes(added, removed, "added", "removed");
            format!("The addresses {of} were changed by {by}: {changes}.")
        }
        Notice::EppPasswordChanged { user, by } => {
            format!("The password of user {user} for EPP was changed by {by}.")
        }
        Notice::PollSwitched { on, by } => {
            format!("Poll was switched {} by {by}.", if *on { "on" } else { "off" })
        }
        Notice::QueueNeglected { count, since } => {
            format!(
                "{count} messages wait in the queue, the oldest since {since}; acknowledge what was read."
            )
        }
        Notice::Mailing(mailing) => said(mailing, Lang::En),
        Notice::Maintenance(notice) => notice.text(Lang::En),
        Notice::DnssecChanged(after) if after.sec_dns.is_none() => {
            "DNSSEC data removed: the name servers changed.".to_owned()
        }
        Notice::DnssecChanged(_) => "DNSSEC data changed.".to_owned(),
        Notice::RegistrantTermsRequested(Awaited { domain, deadline }) => {
            format!("Registrant change of {domain}: until {deadline} the new holder can accept the terms.")
        }
        Notice::RegistrantIdentityRequested(Awaited { domain, deadline }) => {
            format!("Registrant change of {domain}: until {deadline} the new holder can prove an identity.")
        }
        Notice::RegistrantTermsExpired(_) => {
            "Registrant not changed: the terms were not accepted in time.".to_owned()
        }
        Notice::RegistrantIdentityExpired(_) => {
            "Registrant not changed: the identity was not proven in time.".to_owned()
        }
        Notice::RegistrantIdentityRejected(_) => {
            "Registrant not changed: the identity could not be proven.".to_owned()
        }
        Notice::RegistrantChanged { registrant, .. } => format!("Registrant changed to {registrant}."),
        Notice::RegistrantNotChanged { rejected: true, .. } => {
            "Registrant not changed: the new holder did not accept the terms.".to_owned()
        }
        Notice::RegistrantNotChanged { .. } => "Registrant not changed: it was cancelled.".to_owned(),
        Notice::NameServersChanged { data, by, .. } => {
            let domain = &data.name;
            format!("Name servers of {domain} changed by {by}.")
        }
        Notice::TransferUndone(_) => "Transfer undone by the registry.".to_owned(),
        Notice::ContactRemoved(gone) => super::contact::text(gone, Lang::En),
        Notice::CodeBounced { domain, email } => {
            format!("The transfer code of {domain} did not arrive at {email}.")
        }
        Notice::TokenIssued(token) => format!("Token for {} issued by the registry.", token.domain),
        Notice::TokenRetracted(token) => format!("Token for {} taken back by the registry.", token.domain),
        Notice::TokenExpired(token) => format!("Token for {} expired unused.", token.domain),
        Notice::TransferredIn(_) | Notice::TransferredAway(_) => "Transfer done.".to_owned(),
        Notice::TransferAutoApproved(_) => "Transfer approved by the registry.".to_owned(),
        Notice::TransferRequested(_) => "Transfer requested.".to_owned(),
        Notice::TransferApproved(_) => "Transfer approved.".to_owned(),
        Notice::TransferRejected(_) => "Transfer rejected.".to_owned(),
        Notice::TransferCancelled(what) if by_registry(what) => {
            "Transfer cancelled by the registry.".to_owned()
        }
        Notice::TransferCancelled(_) => "Transfer cancelled.".to_owned(),
        Notice::Waiting(what) => what.text(Lang::En),
        Notice::Application(what) => what.text(Lang::En),
        Notice::DeletionScheduled { domain, at } => format!("{domain} is going to be deleted at {at}."),
        Notice::DomainEnded { held, suspended } => {
            let what = if *suspended { "suspended" } else { "deleted" };
            format!("{} is {what} because its registration ended; {}.", held.domain, english_held(held))
        }
        Notice::DomainWithdrawn { held, reason } => {
            format!("{} was deleted by the registry ({reason}); {}.", held.domain, english_held(held))
        }
        Notice::RestoreReportMissed(held) => format!(
            "No report of the restore of {} came in time: it is deleted again; {}.",
            held.domain,
            english_held(held)
        ),
        Notice::DomainDeleted(_) | Notice::DomainPurged(_) => "Domain deleted.".to_owned(),
        Notice::DomainHeld { held, .. } => format!("{} was deleted; {}.", held.domain, english_held(held)),
        Notice::DeletionStopped(_) => "Domain not deleted.".to_owned(),
        Notice::DomainRenewed(_) => "Domain renewed automatically.".to_owned(),
        Notice::Marked(marked) => marked.text(Lang::En),
        Notice::Changed(changed) => changed.text(Lang::En),
        Notice::Host(what) => what.text(Lang::En),
    }
}

fn french(notice: &Notice) -> String {
    match notice {
        Notice::HitpointsWarning { level, points, limit } => format!(
            "Points de pénalité, niveau={level} : les commandes fautives ont coûté {points} points sur {limit} \
             aujourd'hui ; à la limite, le compte est bloqué"
        ),
        Notice::HitpointsReached { level, until } => format!(
            "Limite des points de pénalité atteinte, niveau={level} : le compte est bloqué jusqu'au {until}"
        ),
        Notice::Unblocked { by_self, points } => {
            let by = if *by_self { "le bureau d'enregistrement lui-même" } else { "le registre" };
            format!("Le compte est débloqué par {by} ; il a {points} points de pénalité.")
        }
        Notice::Watermark { level, balance, currency } => {
            format!("Seuil atteint, niveau={level} : le solde est de {balance} {currency}")
        }
        Notice::ExpectedShortfall { month, amount, balance, currency } => format!(
            "{amount} {currency} seront débités d'ici la fin de {}, et le solde est de {balance} {currency}.",
            of_year(*month)
        ),
        Notice::Overdrawn { balance, currency, refused } => {
            let waits = match &refused[..] {
                [] => String::new(),
                ops => format!(" ; refusé jusqu'au paiement : {}", ops.join(", ")),
            };
            format!("Le compte est à découvert : le solde est de {balance} {currency}{waits}")
        }
        Notice::ProtectedReached { max, until } => format!(
            "Les {max} transactions protégées du jour sont utilisées ; il y en aura d'autres à partir du {until}."
        ),
        Notice::AccessListChanged { list, added, removed, by } => {
            let of = match list {
                AddressList::Epp => "pour EPP",
                AddressList::Web => "pour le portail",
            };
            let changes = changes(added, removed, "ajouté", "retiré");
            format!("Les adresses {of} ont été modifiées par {by} : {changes}.")
        }
        Notice::EppPasswordChanged { user, by } => {
            format!("Le mot de passe EPP de l'utilisateur {user} a été modifié par {by}.")
        }
        Notice::PollSwitched { on, by } => {
            format!("La file de messages a été {} par {by}.", if *on { "activée" } else { "désactivée" })
        }
        Notice::QueueNeglected { count, since } => format!(
            "{count} messages attendent dans la file, le plus ancien depuis le {since} ; veuillez les acquitter."
        ),
        Notice::Mailing(mailing) => said(mailing, Lang::Fr),
        Notice::Maintenance(notice) => notice.text(Lang::Fr),
        Notice::DnssecChanged(after) if after.sec_dns.is_none() => {
            "Données DNSSEC supprimées : les serveurs de noms ont changé.".to_owned()
        }
        Notice::DnssecChanged(_) => "Données DNSSEC modifiées.".to_owned(),
        Notice::RegistrantTermsRequested(Awaited { domain, deadline }) => format!(
            "Changement de titulaire de {domain} : le nouveau titulaire peut accepter les conditions jusqu'au {deadline}."
        ),
        Notice::RegistrantIdentityRequested(Awaited { domain, deadline }) => format!(
            "Changement de titulaire de {domain} : le nouveau titulaire peut prouver son identité jusqu'au {deadline}."
        ),
        Notice::RegistrantTermsExpired(_) => {
            "Titulaire inchangé : les conditions n'ont pas été acceptées à temps.".to_owned()
        }
        Notice::RegistrantIdentityExpired(_) => {
            "Titulaire inchangé : l'identité n'a pas été prouvée à temps.".to_owned()
        }
        Notice::RegistrantIdentityRejected(_) => {
            "Titulaire inchangé : l'identité n'a pas pu être prouvée.".to_owned()
        }
        Notice::RegistrantChanged { registrant, .. } => format!("Le nouveau titulaire est {registrant}."),
        Notice::RegistrantNotChanged { rejected: true, .. } => {
            "Titulaire inchangé : le nouveau titulaire n'a pas accepté les conditions.".to_owned()
        }
        Notice::RegistrantNotChanged { .. } => "Titulaire inchangé : la demande a été annulée.".to_owned(),
        Notice::NameServersChanged { data, by, .. } => {
            let domain = &data.name;
            format!("Serveurs de noms de {domain} changés par {by}.")
        }
        Notice::TransferUndone(_) => "Transfert défait par le registre.".to_owned(),
        Notice::ContactRemoved(gone) => super::contact::text(gone, Lang::Fr),
        Notice::CodeBounced { domain, email } => {
            format!("Le code de transfert de {domain} n'est pas arrivé à {email}.")
        }
        Notice::TokenIssued(token) => format!("Jeton pour {} émis par le registre.", token.domain),
        Notice::TokenRetracted(token) => format!("Jeton pour {} retiré par le registre.", token.domain),
        Notice::TokenExpired(token) => format!("Jeton pour {} expiré sans avoir servi.", token.domain),
        Notice::TransferredIn(_) | Notice::TransferredAway(_) => "Transfert effectué.".to_owned(),
        Notice::TransferAutoApproved(_) => "Transfert approuvé par le registre.".to_owned(),
        Notice::TransferRequested(_) => "Transfert demandé.".to_owned(),
        Notice::TransferApproved(_) => "Transfert approuvé.".to_owned(),
        Notice::TransferRejected(_) => "Transfert refusé.".to_owned(),
        Notice::TransferCancelled(what) if by_registry(what) => {
            "Transfert annulé par le registre.".to_owned()
        }
        Notice::TransferCancelled(_) => "Transfert annulé.".to_owned(),
        Notice::Waiting(what) => what.text(Lang::Fr),
        Notice::Application(what) => what.text(Lang::Fr),
        Notice::DeletionScheduled { domain, at } => format!("{domain} sera supprimé le {at}."),
        Notice::DomainEnded { held, suspended } => {
            let what = if *suspended { "suspendu" } else { "supprimé" };
            format!("{} est {what} car son enregistrement a pris fin ; {}.", held.domain, french_held(held))
        }
        Notice::DomainWithdrawn { held, reason } => {
            format!("{} a été supprimé par le registre ({reason}) ; {}.", held.domain, french_held(held))
        }
        Notice::RestoreReportMissed(held) => format!(
            "Aucun rapport de restauration de {} n'est arrivé à temps : il est de nouveau supprimé ; {}.",
            held.domain,
            french_held(held)
        ),
        Notice::DomainDeleted(_) | Notice::DomainPurged(_) => "Domaine supprimé.".to_owned(),
        Notice::DomainHeld { held, .. } => {
            format!("{} a été supprimé ; {}.", held.domain, french_held(held))
        }
        Notice::DeletionStopped(_) => "Domaine non supprimé.".to_owned(),
        Notice::DomainRenewed(_) => "Domaine renouvelé automatiquement.".to_owned(),
        Notice::Marked(marked) => marked.text(Lang::Fr),
        Notice::Changed(changed) => changed.text(Lang::Fr),
        Notice::Host(what) => what.text(Lang::Fr),
    }
}

/// `2026-03`
fn of_year(month: i64) -> String {
    format!("{:04}-{:02}", month / 100, month % 100)
}

fn english_held(held: &Held) -> String {
    format!("it can be brought back until {} and is purged at {}", held.until, held.purge)
}

fn french_held(held: &Held) -> String {
    format!("il peut être rétabli jusqu'au {} et sera effacé le {}", held.until, held.purge)
}

fn said(mailing: &Mailing, lang: Lang) -> String {
    mailing.words(lang).map(|words| words.subject.clone()).unwrap_or_default()
}

fn changes(added: &[String], removed: &[String], word_added: &str, word_removed: &str) -> String {
    let parts = [(added, word_added), (removed, word_removed)];
    let parts = parts.iter().filter(|(what, _)| !what.is_empty());
    parts.map(|(what, word)| format!("{word} {}", what.join(" "))).collect::<Vec<_>>().join(", ")
}

fn by_registry(what: &Transferred) -> bool {
    let status = match what {
        Transferred::Domain(data) => data.status,
        Transferred::Contact(data) => data.status,
    };
    status == TransferStatus::ServerCancelled
}
