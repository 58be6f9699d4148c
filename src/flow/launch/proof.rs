//! Proofs of trademarks (RFC 8334 section 2.6). A signed mark is verified here and now; a code, or a mark that nobody
//! signed, makes an application that somebody has to look at.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::epp::smd::{self, Mark, SignedMark, Trust, Verified};
use crate::epp::types::{DomainName, Proof};
use crate::gate::{Cx, Stop};
use crate::policy::{LaunchPhase, LaunchPolicy, MarkModel, ProofRule};
use crate::refusal::{Reason, Refusal};

/// What is kept of a proof.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Proven {
    /// The code, a secret of the mark, and whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<(String, Option<String>)>,
    /// What the mark is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The signed mark it came in, where it was one: its identifier and its issuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<(String, String)>,
}

/// Judges the proofs of a create.
///
/// # Errors
/// [`Reason::ProofMissing`], [`Reason::ProofNotTaken`], [`Reason::TooManyMarks`], [`Reason::MarkNotOfName`],
/// [`Reason::SignedMarkRefused`], [`Reason::SignedMarkRevoked`]
pub(super) async fn judge(
    cx: &mut Cx<'_>,
    name: &DomainName,
    proofs: &[Proof],
    phase: &LaunchPhase,
    policy: &LaunchPolicy,
) -> Result<Vec<Proven>, Stop> {
    if proofs.is_empty() && phase.proof == ProofRule::Required {
        return Err(missing().into());
    }
    if proofs.len() > policy.max_marks && phase.proof != ProofRule::None {
        return Err(on_proof(Reason::TooManyMarks, &proofs[0])
            .detail(format!("{} at most", policy.max_marks))
            .into());
    }
    let mut all = Vec::with_capacity(proofs.len());
    for proof in proofs {
        if !phase.models.contains(&model(proof)?) {
            return Err(on_proof(Reason::ProofNotTaken, proof).into());
        }
        all.push(match proof {
            Proof::CodeMark { code, mark } => {
                // Where a mark lists no labels, whoever looks at it has to know.
                if let Some(mark) = mark.as_ref().filter(|mark| !mark.labels.is_empty()) {
                    matches(mark, name, proof)?;
                }
                let code = code.as_ref().map(|code| (code.code.expose().to_owned(), code.validator.clone()));
                Proven { code, mark: mark.clone(), signed: None }
            }
            Proof::Signed(signed) => {
                let Verified { id, issuer, mark } = verified(cx, signed, policy).await?;
                matches(&mark, name, proof)?;
                if let Some(since) = cx.tx.mark_revoked(&id).await? {
                    let revoked = on_proof(Reason::SignedMarkRevoked, proof);
                    return Err(revoked.detail(format!("{id}, since {since}")).into());
                }
                Proven { code: None, mark: Some(mark), signed: Some((id, issuer)) }
            }
        });
    }
    Ok(all)
}

fn missing() -> Refusal {
    super::on(Reason::ProofMissing, "create", "")
}

fn model(proof: &Proof) -> Result<MarkModel, Refusal> {
    match proof {
        Proof::CodeMark { code: Some(_), mark: Some(_) } => Ok(MarkModel::CodeWithMark),
        Proof::CodeMark { code: Some(_), mark: None } => Ok(MarkModel::Code),
        Proof::CodeMark { code: None, mark: Some(_) } => Ok(MarkModel::Mark),
        Proof::CodeMark { code: None, mark: None } => Err(missing()),
        Proof::Signed(_) => Ok(MarkModel::SignedMark),
    }
}

fn matches(mark: &Mark, name: &DomainName, proof: &Proof) -> Result<(), Refusal> {
    if mark.labels.iter().any(|label| label == name.first_label()) {
        return Ok(());
    }
    Err(on_proof(Reason::MarkNotOfName, proof))
}

async fn verified(cx: &mut Cx<'_>, signed: &SignedMark, policy: &LaunchPolicy) -> Result<Verified, Stop> {
    let mut decoded = Vec::new();
    for kind in ["root", "crl"] {
        let all = cx.tx.trust(kind).await?;
        decoded.push(all.iter().filter_map(|der| BASE64.decode(der.as_bytes()).ok()).collect());
    }
    let (crls, roots) = (decoded.pop().unwrap_or_default(), decoded.pop().unwrap_or_default());
    let trust = Trust { roots, crls, crl_required: policy.crl_required };
    smd::verify(signed, &trust, cx.now).map_err(|fault| {
        let refusal = on_proof(Reason::SignedMarkRefused, &Proof::Signed(signed.clone()));
        refusal.detail(fault.to_string()).into()
    })
}

/// Marks are long, and a code is a secret: the element is named without its text.
fn on_proof(reason: Reason, proof: &Proof) -> Refusal {
    match proof {
        Proof::CodeMark { .. } => super::on(reason, "codeMark", ""),
        Proof::Signed(_) => super::on(reason, "create", ""),
    }
}
