//! `domesday registrar mail`: where a registrar wants to have its mail (S15-S17, S39-S43), and its poll switch.

use clap::Args;
use serde_json::{Value, json};

use super::given;
use super::open::{Change, Halt, fault};
use super::out::{self, Report, hint};
use super::registrar::unknown;
use crate::epp::notice::{Audience, Notice};
use crate::epp::types::{Lang, RegistrarId, email};
use crate::gate::{Cx, notice};
use crate::store::mail::MailSettings;
use crate::store::{StoreError, Tx};

/// Most addresses of a category (S40).
const MOST: usize = 5;

/// Whose mail, and what to change about it; without a change it is shown.
#[derive(Debug, Args)]
pub struct Mail {
    id: String,
    /// The general address; empty for none
    #[arg(long, value_name = "ADDRESS")]
    general: Option<String>,
    /// The address for machines, which gets what is not polled; empty for the general one
    #[arg(long, value_name = "ADDRESS")]
    automated: Option<String>,
    /// The languages of mail in their order, as fr,en; empty for the server's
    #[arg(long, value_name = "LANGS")]
    languages: Option<String>,
    /// The addresses of a category, as technical=a@b.example,c@d.example; empty for none of its own
    #[arg(long, value_name = "CATEGORY=ADDRESSES", value_parser = category)]
    category: Vec<(Audience, Vec<String>)>,
    #[command(flatten)]
    at: Change,
}

/// Everything about a registrar's mail.
#[derive(Clone)]
struct Told {
    settings: MailSettings,
    /// Each category with its own addresses and those that count.
    categories: Vec<(Audience, Vec<String>, Vec<String>)>,
}

/// Shows or changes it.
///
/// # Errors
/// What stands in the way.
pub async fn run(args: &Mail) -> anyhow::Result<Report> {
    for text in args.general.iter().chain(&args.automated).filter(|text| !text.is_empty()) {
        address(text).map_err(|fault| hint(fault, "write it as name@host.example"))?;
    }
    let langs = args.languages.as_deref().map(languages).transpose()?;
    let registry = args.at.open().await?;
    let id = given::id(&args.id)?;
    let changes =
        args.general.is_some() || args.automated.is_some() || langs.is_some() || !args.category.is_empty();
    let told = if changes {
        let wanted = (id.clone(), args.general.clone(), args.automated.clone(), langs, args.category.clone());
        registry
            .change("registrar:mail", id.to_string(), move |cx| {
                let (id, general, automated, langs, categories) = wanted.clone();
                Box::pin(async move {
                    let Some(before) = told(cx.tx, &id).await? else {
                        return fault(
                            format!("there is no registrar {id}"),
                            "`domesday registrar list` shows them all",
                        );
                    };
                    if let Some(general) = general {
                        set_general(cx, &id, general).await?;
                    }
                    let mut settings = before.settings.clone();
                    if let Some(automated) = automated {
                        settings.automated = Some(automated).filter(|text| !text.is_empty());
                    }
                    settings.langs = langs.unwrap_or(settings.langs);
                    cx.tx.mail_settings_put(&id, &settings).await?;
                    for (category, addresses) in &categories {
                        cx.tx.mail_addresses_put(&id, *category, addresses).await?;
                    }
                    let after = told(cx.tx, &id).await?.unwrap_or_else(|| before.clone());
                    let detail = json!({ "before": shown(&id, &before), "after": shown(&id, &after) });
                    cx.changed(id.to_string(), detail);
                    Ok::<_, Halt>(after)
                })
            })
            .await?
    } else {
        let wanted = id.clone();
        let found = registry.look(move |tx| Box::pin(async move { told(tx, &wanted).await })).await?;
        found.ok_or_else(|| unknown(id.as_str()))?
    };
    let mut document = shown(&id, &told);
    document["dry_run"] = json!(registry.is_dry());
    let text = lines(&id, &told);
    Ok(Report::new(document, if changes { registry.done(&text) } else { text }))
}

async fn set_general(cx: &mut Cx<'_>, id: &RegistrarId, general: String) -> Result<(), StoreError> {
    let Some(mut row) = cx.tx.registrar(id).await? else { return Ok(()) };
    row.email = Some(general).filter(|text| !text.is_empty());
    row.updated_at = cx.now;
    cx.tx.registrar_update(&row).await.map(drop)
}

async fn told(tx: &mut Tx, id: &RegistrarId) -> Result<Option<Told>, StoreError> {
    let Some(settings) = tx.mail_settings(id).await? else { return Ok(None) };
    let mut categories = Vec::new();
    for category in Audience::CATEGORIES {
        let own = tx.mail_addresses(id, *category).await?;
        categories.push((*category, own, notice::addresses(tx, id, &settings, *category).await?));
    }
    Ok(Some(Told { settings, categories }))
}

fn shown(id: &RegistrarId, told: &Told) -> Value {
    let categories: serde_json::Map<_, _> = told
        .categories
        .iter()
        .map(|(category, own, used)| (category.name().to_owned(), json!({ "own": own, "used": used })))
        .collect();
    json!({
        "registrar": id.as_str(), "general": told.settings.general, "automated": told.settings.automated,
        "languages": told.settings.langs.iter().map(|lang| lang.tag()).collect::<Vec<_>>(),
        "categories": categories,
    })
}

fn lines(id: &RegistrarId, told: &Told) -> String {
    let none = || "none".to_owned();
    let langs = told.settings.langs.iter().map(|lang| lang.tag()).collect::<Vec<_>>().join(" ");
    let mut rows = vec![
        ("registrar", id.to_string()),
        ("general", told.settings.general.clone().unwrap_or_else(none)),
        ("automated", told.settings.automated.clone().unwrap_or_else(|| "as general".to_owned())),
        ("languages", if langs.is_empty() { Lang::En.tag().to_owned() } else { langs }),
    ];
    for (category, own, used) in &told.categories {
        let text = match (own.is_empty(), used.is_empty()) {
            (false, _) => own.join(" "),
            (true, false) => "as general".to_owned(),
            (true, true) => "none: not sent".to_owned(),
        };
        rows.push((category.name(), text));
    }
    out::list(rows)
}

/// Switches an account's poll, and says so by mail (N8).
///
/// # Errors
/// Where the profile has no switch, or the database's trouble.
pub async fn switch(cx: &mut Cx<'_>, of: &RegistrarId, on: bool) -> Result<(), Halt> {
    let rules = cx.account_rules(of).await?;
    if !rules.poll.opt_in {
        let state = if rules.poll.default_on { "on" } else { "off" };
        return fault(
            format!("poll is {state} for every account under the profile of {of}"),
            "account.poll.opt_in gives registrars a switch",
        );
    }
    let mut settings = cx.tx.mail_settings(of).await?.unwrap_or_default();
    let before = notice::poll_is_on(&settings, &rules.poll);
    settings.poll = Some(on);
    cx.tx.mail_settings_put(of, &settings).await?;
    cx.changed("poll", json!({ "before": before, "after": on }));
    if before != on {
        cx.notify(of, Notice::PollSwitched { on, by: cx.actor.user.clone() });
    }
    Ok(())
}

/// A switch on the command line.
pub(super) fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("say on or off".to_owned()),
    }
}

fn category(text: &str) -> Result<(Audience, Vec<String>), String> {
    let (name, addresses) = text.split_once('=').ok_or("write it as CATEGORY=ADDRESS,ADDRESS")?;
    let known = || {
        let names: Vec<_> = Audience::CATEGORIES.iter().map(|category| category.name()).collect();
        format!("there is no category {name:?}, but {}", names.join(", "))
    };
    let category = Audience::parse(name).filter(|found| Audience::CATEGORIES.contains(found));
    let category = category.ok_or_else(known)?;
    let mut all: Vec<String> = Vec::new();
    for text in addresses.split(',').map(str::trim).filter(|text| !text.is_empty()) {
        address(text)?;
        if !all.iter().any(|known| known == text) {
            all.push(text.to_owned());
        }
    }
    if all.len() > MOST {
        return Err(format!("a category has {MOST} addresses at most, not {}", all.len()));
    }
    Ok((category, all))
}

fn address(text: &str) -> Result<(), String> {
    // A blank would be two addresses where they are stored.
    let plain = email::is_address(text) && !text.contains(char::is_whitespace);
    if plain { Ok(()) } else { Err(format!("{text:?} is no e-mail address")) }
}

fn languages(text: &str) -> anyhow::Result<Vec<Lang>> {
    let mut all = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        let known = Lang::ALL.iter().map(|lang| lang.tag()).collect::<Vec<_>>().join(", ");
        let lang = Lang::parse(tag)
            .ok_or_else(|| hint(format!("there are no texts in {tag:?}"), format!("there are in {known}")))?;
        if !all.contains(&lang) {
            all.push(lang);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_has_five_addresses_at_most() {
        assert_eq!(
            category("technical=a@x.example, b@x.example,a@x.example"),
            Ok((Audience::Technical, vec!["a@x.example".to_owned(), "b@x.example".to_owned()]))
        );
        assert_eq!(category("abuse="), Ok((Audience::Abuse, Vec::new())));
        let six = (0..6).map(|n| format!("a{n}@x.example")).collect::<Vec<_>>().join(",");
        assert!(category(&format!("legal={six}")).unwrap_err().contains("5 addresses at most"));
        assert!(category("automated=a@x.example").unwrap_err().contains("no category"));
        assert!(category("legal=here").unwrap_err().contains("no e-mail address"));
    }

    #[test]
    fn languages_keep_their_order() {
        assert_eq!(languages("fr,en,fr").unwrap(), [Lang::Fr, Lang::En]);
        assert!(languages("").unwrap().is_empty() && languages("xx").is_err());
    }
}
