//! The standard text of every result code, in the languages of the greeting (RFC 5730 section 3).

use super::types::Lang;

/// Code, English, French.
const TEXTS: &[(u16, &str, &str)] = &[
    (1000, "Command completed successfully", "La commande a réussi"),
    (1001, "Command completed successfully; action pending", "La commande a réussi; l'action est en attente"),
    (1300, "Command completed successfully; no messages", "La commande a réussi; aucun message"),
    (
        1301,
        "Command completed successfully; ack to dequeue",
        "La commande a réussi; acquitter pour retirer le message",
    ),
    (1500, "Command completed successfully; ending session", "La commande a réussi; fin de la session"),
    (2000, "Unknown command", "Commande inconnue"),
    (2001, "Command syntax error", "Erreur de syntaxe dans la commande"),
    (2002, "Command use error", "Commande non permise à cet endroit"),
    (2003, "Required parameter missing", "Un paramètre obligatoire manque"),
    (2004, "Parameter value range error", "La valeur d'un paramètre est hors limites"),
    (2005, "Parameter value syntax error", "La valeur d'un paramètre est mal formée"),
    (2100, "Unimplemented protocol version", "Version du protocole non prise en charge"),
    (2101, "Unimplemented command", "Commande non prise en charge"),
    (2102, "Unimplemented option", "Option non prise en charge"),
    (2103, "Unimplemented extension", "Extension non prise en charge"),
    (2104, "Billing failure", "Échec de la facturation"),
    (2105, "Object is not eligible for renewal", "L'objet ne peut pas être renouvelé"),
    (2106, "Object is not eligible for transfer", "L'objet ne peut pas être transféré"),
    (2200, "Authentication error", "Erreur d'authentification"),
    (2201, "Authorization error", "Erreur d'autorisation"),
    (2202, "Invalid authorization information", "Informations d'autorisation incorrectes"),
    (2300, "Object pending transfer", "Un transfert de l'objet est en cours"),
    (2301, "Object not pending transfer", "Aucun transfert de l'objet n'est en cours"),
    (2302, "Object exists", "L'objet existe"),
    (2303, "Object does not exist", "L'objet n'existe pas"),
    (2304, "Object status prohibits operation", "Le statut de l'objet interdit l'opération"),
    (2305, "Object association prohibits operation", "Une association de l'objet interdit l'opération"),
    (2306, "Parameter value policy error", "La valeur d'un paramètre est contraire aux règles"),
    (2307, "Unimplemented object service", "Service d'objet non pris en charge"),
    (2308, "Data management policy violation", "Violation des règles de gestion des données"),
    (2400, "Command failed", "La commande a échoué"),
    (
        2500,
        "Command failed; server closing connection",
        "La commande a échoué; le serveur ferme la connexion",
    ),
    (
        2501,
        "Authentication error; server closing connection",
        "Erreur d'authentification; le serveur ferme la connexion",
    ),
    (
        2502,
        "Session limit exceeded; server closing connection",
        "Trop de sessions; le serveur ferme la connexion",
    ),
];

/// The text of a code; of an unknown one, that the command failed.
#[must_use]
pub fn of(code: u16, lang: Lang) -> &'static str {
    let failed = ("Command failed", "La commande a échoué");
    let (en, fr) = TEXTS.iter().find(|(known, ..)| *known == code).map_or(failed, |(_, en, fr)| (en, fr));
    match lang {
        Lang::En => en,
        Lang::Fr => fr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Reason;

    #[test]
    fn every_code_in_use_has_its_text() {
        let refusals = Reason::ALL.iter().map(|reason| reason.code());
        for code in refusals.chain([1000, 1001, 1300, 1301, 1500]) {
            assert!(TEXTS.iter().any(|(known, ..)| *known == code), "{code}");
        }
        assert!(TEXTS.is_sorted_by_key(|(code, ..)| *code));
        assert_eq!(of(2303, Lang::En), "Object does not exist");
        assert_eq!(of(2303, Lang::Fr), "L'objet n'existe pas");
    }
}
