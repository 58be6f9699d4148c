//! The notice of a contact that the registry removes (N55).

use super::fields::{Field, field};
use crate::epp::reply::ContactData;
use crate::epp::types::Lang;

/// What it says, as pairs.
pub(super) fn fields(gone: &ContactData) -> Vec<Field> {
    vec![field("CONTACT", &gone.id), field("ROID", &gone.roid)]
}

/// What happened, in one line of that language.
pub(super) fn text(gone: &ContactData, lang: Lang) -> String {
    let id = &gone.id;
    match lang {
        Lang::En => format!("Contact {id} was removed: no domain has it."),
        Lang::Fr => format!("Le contact {id} a été supprimé : aucun domaine ne l'utilise."),
    }
}
