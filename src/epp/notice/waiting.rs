//! Notices of what was asked for and done later: registrations, and the control of their holders' identities.

use super::fields::{Field, field, pending};
use super::{Kind, kind};
use crate::clock::Ts;
use crate::epp::reply::{DomainData, MessageData, PendingData};
use crate::epp::types::{DomainName, Lang};

/// How something that waited goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Waiting {
    /// N11: a registration is done, and the domain is active.
    DomainCreated {
        /// The registration.
        done: PendingData<DomainName>,
        /// How it is assessed.
        risk: &'static str,
    },
    /// N12: a registration is done, and the domain is active once its holder proved an identity.
    DomainCreatedInactive {
        /// The registration.
        done: PendingData<DomainName>,
        /// How it is assessed.
        risk: &'static str,
    },
    /// N14: the holder did not accept the terms in time.
    CreateTermsExpired(PendingData<DomainName>),
    /// N15: the registrant is managed otherwise than the domain by now.
    CreateModelDiffers(PendingData<DomainName>),
    /// N16: a registration is taken back.
    CreateCancelled(PendingData<DomainName>),
    /// N17: a domain that waited for its holder is active, and as it is now.
    DomainActivated(Box<DomainData>),
    /// N18: the holder of a domain is to prove an identity.
    VerificationRequired {
        /// The domain.
        domain: DomainName,
        /// Whether it is on hold until then.
        held: bool,
        /// Until when.
        deadline: Ts,
    },
    /// N19: the identity of the holder of an active domain is proven.
    IdentityProven(DomainName),
    /// N20: it is not, and the domain is on hold.
    IdentityNotProven {
        /// The domain.
        domain: DomainName,
        /// Whether nobody proved it in time; else it could not be proven.
        expired: bool,
        /// Until when it could have been.
        deadline: Ts,
    },
    /// N20: the registry no longer asks for it.
    VerificationCancelled(DomainName),
    /// N21: the registry changed a domain, which is now this.
    DomainUpdated(Box<DomainData>),
    /// N46: a name that was offered to a contact was registered at another registrar.
    OfferTaken(DomainName),
    /// N46: the offer of a name to a contact is over.
    OfferLapsed(DomainName),
}

impl Waiting {
    /// The domain whose change it tells.
    pub(super) const fn changed_domain(&self) -> Option<&DomainName> {
        match self {
            Self::DomainActivated(data) | Self::DomainUpdated(data) => Some(&data.name),
            Self::IdentityProven(domain)
            | Self::VerificationCancelled(domain)
            | Self::IdentityNotProven { domain, .. } => Some(domain),
            _ => None,
        }
    }

    /// Its kind.
    pub(super) const fn kind(&self) -> &'static Kind {
        match self {
            Self::DomainCreated { .. } => &kind::DOMAIN_CREATED,
            Self::DomainCreatedInactive { .. } => &kind::DOMAIN_CREATED_INACTIVE,
            Self::CreateTermsExpired(_) => &kind::CREATE_TERMS_EXPIRED,
            Self::CreateModelDiffers(_) => &kind::CREATE_MODEL_DIFFERS,
            Self::CreateCancelled(_) => &kind::CREATE_CANCELLED,
            Self::DomainActivated(_) => &kind::DOMAIN_ACTIVATED,
            Self::VerificationRequired { .. } => &kind::VERIFICATION_REQUIRED,
            Self::VerificationCancelled(_) => &kind::VERIFICATION_CANCELLED,
            Self::DomainUpdated(_) => &kind::DOMAIN_UPDATED,
            Self::IdentityProven(_) => &kind::IDENTITY_PROVEN,
            Self::IdentityNotProven { .. } => &kind::IDENTITY_NOT_PROVEN,
            Self::OfferTaken(_) => &kind::OFFER_TAKEN,
            Self::OfferLapsed(_) => &kind::OFFER_LAPSED,
        }
    }

    /// The object a poll message of it carries.
    pub(super) fn data(&self) -> Option<MessageData> {
        match self {
            Self::DomainCreated { done, .. }
            | Self::DomainCreatedInactive { done, .. }
            | Self::CreateTermsExpired(done)
            | Self::CreateModelDiffers(done)
            | Self::CreateCancelled(done) => Some(MessageData::DomainPending(done.clone())),
            Self::DomainActivated(data) | Self::DomainUpdated(data) => {
                Some(MessageData::DomainInfo(data.clone()))
            }
            Self::VerificationRequired { .. }
            | Self::VerificationCancelled(_)
            | Self::IdentityProven(_)
            | Self::IdentityNotProven { .. }
            | Self::OfferTaken(_)
            | Self::OfferLapsed(_) => None,
        }
    }

    /// What it says, as pairs.
    pub(super) fn fields(&self) -> Vec<Field> {
        match self {
            Self::DomainCreated { done, risk } | Self::DomainCreatedInactive { done, risk } => {
                let mut fields = pending(done);
                fields.push(field("RISK", risk));
                fields
            }
            Self::CreateTermsExpired(done) | Self::CreateModelDiffers(done) | Self::CreateCancelled(done) => {
                pending(done)
            }
            Self::DomainActivated(data) | Self::DomainUpdated(data) => vec![field("DOMAIN", &data.name)],
            Self::VerificationRequired { domain, held, deadline } => {
                vec![field("DOMAIN", domain), field("ACTIVE", u8::from(!held)), field("UNTIL", deadline)]
            }
            Self::VerificationCancelled(domain)
            | Self::IdentityProven(domain)
            | Self::OfferTaken(domain)
            | Self::OfferLapsed(domain) => vec![field("DOMAIN", domain)],
            Self::IdentityNotProven { domain, expired, deadline } => vec![
                field("DOMAIN", domain),
                field("EXPIRED", u8::from(*expired)),
                field("UNTIL", deadline),
                field("NEXT", "prove the identity to the registry, or give the domain another holder"),
            ],
        }
    }

    /// What happened, in one line of that language.
    pub(super) fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.english(),
            Lang::Fr => self.french(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::DomainCreated { risk, .. } => format!("Domain created and active. Risk: {risk}."),
            Self::DomainCreatedInactive { risk, .. } => {
                format!("Domain created; it is active once its holder proved an identity. Risk: {risk}.")
            }
            Self::CreateTermsExpired(_) => {
                "Domain not created: the terms were not accepted in time.".to_owned()
            }
            Self::CreateModelDiffers(_) => {
                "Domain not created: its registrant is managed otherwise by now.".to_owned()
            }
            Self::CreateCancelled(_) => "Domain not created: it was cancelled.".to_owned(),
            Self::DomainActivated(data) => format!("Domain {} is active.", data.name),
            Self::DomainUpdated(data) => format!("Domain {} was changed by the registry.", data.name),
            Self::VerificationRequired { domain, held, deadline } => {
                let on_hold = if *held { ", which is on hold until then," } else { "" };
                format!("The holder of {domain}{on_hold} is to prove an identity by {deadline}.")
            }
            Self::VerificationCancelled(domain) => {
                format!("The identity of the holder of {domain} is no longer asked for.")
            }
            Self::IdentityProven(domain) => format!("The identity of the holder of {domain} is proven."),
            Self::IdentityNotProven { domain, expired: true, .. } => {
                format!("Domain {domain} is on hold: its holder proved no identity in time.")
            }
            Self::IdentityNotProven { domain, expired: false, .. } => {
                format!("Domain {domain} is on hold: its holder could not prove an identity.")
            }
            Self::OfferTaken(domain) => {
                format!("The name {domain}, offered on the waiting list, was registered elsewhere.")
            }
            Self::OfferLapsed(domain) => {
                format!("The offer of the name {domain} on the waiting list is over.")
            }
        }
    }

    fn french(&self) -> String {
        match self {
            Self::DomainCreated { risk, .. } => format!("Domaine créé et actif. Risque : {risk}."),
            Self::DomainCreatedInactive { risk, .. } => {
                format!(
                    "Domaine créé ; il sera actif quand son titulaire aura prouvé son identité. Risque : {risk}."
                )
            }
            Self::CreateTermsExpired(_) => {
                "Domaine non créé : les conditions n'ont pas été acceptées à temps.".to_owned()
            }
            Self::CreateModelDiffers(_) => {
                "Domaine non créé : son titulaire est désormais géré autrement.".to_owned()
            }
            Self::CreateCancelled(_) => "Domaine non créé : la demande est annulée.".to_owned(),
            Self::DomainActivated(data) => format!("Le domaine {} est actif.", data.name),
            Self::DomainUpdated(data) => format!("Le domaine {} a été modifié par le registre.", data.name),
            Self::VerificationRequired { domain, held, deadline } => {
                let on_hold = if *held { ", suspendu jusque-là," } else { "" };
                format!("Le titulaire de {domain}{on_hold} doit prouver son identité avant le {deadline}.")
            }
            Self::VerificationCancelled(domain) => {
                format!("L'identité du titulaire de {domain} n'est plus demandée.")
            }
            Self::IdentityProven(domain) => format!("L'identité du titulaire de {domain} est prouvée."),
            Self::IdentityNotProven { domain, expired: true, .. } => {
                format!(
                    "Le domaine {domain} est suspendu : son titulaire n'a pas prouvé son identité à temps."
                )
            }
            Self::IdentityNotProven { domain, expired: false, .. } => {
                format!("Le domaine {domain} est suspendu : son titulaire n'a pas pu prouver son identité.")
            }
            Self::OfferTaken(domain) => {
                format!("Le nom {domain}, offert sur la liste d'attente, a été enregistré ailleurs.")
            }
            Self::OfferLapsed(domain) => {
                format!("L'offre du nom {domain} sur la liste d'attente est terminée.")
            }
        }
    }
}

/// One of every kind.
pub(super) fn samples(name: &DomainName, at: Ts) -> Vec<Waiting> {
    let ended = |success| PendingData {
        name: name.clone(),
        success,
        cltrid: Some("ABC-12345".to_owned()),
        svtrid: "DD-1-1".to_owned(),
        at,
    };
    vec![
        Waiting::DomainCreated { done: ended(true), risk: "GREEN" },
        Waiting::DomainCreatedInactive { done: ended(true), risk: "BLUE" },
        Waiting::CreateTermsExpired(ended(false)),
        Waiting::CreateModelDiffers(ended(false)),
        Waiting::CreateCancelled(ended(false)),
        Waiting::VerificationRequired { domain: name.clone(), held: true, deadline: at.plus_days(14) },
        Waiting::VerificationCancelled(name.clone()),
        Waiting::IdentityProven(name.clone()),
        Waiting::IdentityNotProven { domain: name.clone(), expired: true, deadline: at },
        Waiting::IdentityNotProven { domain: name.clone(), expired: false, deadline: at },
        Waiting::OfferTaken(name.clone()),
        Waiting::OfferLapsed(name.clone()),
    ]
}
