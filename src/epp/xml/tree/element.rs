//! One element of a tree, as the shapes judge it and the decoders read it.

use std::borrow::Cow;

use super::{Attr, Node, Space, Tree};
use crate::epp::mask;
use crate::epp::ns::Ns;
use crate::epp::xml::{XSI, simple};
use crate::refusal::{Offender, Reason, Refusal};

/// Characters of an element's text that are shown to whoever sent it.
pub(super) const SHOWN: usize = 255;

/// One element of a tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::epp) struct El<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) at: usize,
}

impl<'t> El<'t> {
    fn node(self) -> &'t Node<'t> {
        // An El is only made of indices that exist.
        &self.tree.nodes[self.at]
    }

    /// Local name.
    pub(in crate::epp) fn name(self) -> &'t str {
        self.node().name
    }

    /// Namespace.
    pub(in crate::epp) fn space(self) -> Space {
        self.node().space
    }

    /// Namespace URI; empty for none.
    pub(in crate::epp) fn uri(self) -> &'t str {
        self.tree.uri(self.node().space)
    }

    /// The text of the whole frame.
    pub(in crate::epp) fn source(self) -> &'t str {
        self.tree.source
    }

    /// How many elements of its name and namespace begin before it in the frame.
    pub(in crate::epp) fn nth(self) -> usize {
        let same = |node: &&Node<'_>| node.space == self.space() && node.name == self.name();
        self.tree.nodes.iter().take(self.at).filter(same).count()
    }

    /// Whether it has that name in that namespace.
    pub(in crate::epp) fn is(self, ns: Ns, name: &str) -> bool {
        self.node().space == Space::Known(ns) && self.node().name == name
    }

    /// Character data as it stands.
    pub(in crate::epp) fn text(self) -> &'t str {
        &self.node().text
    }

    /// Its text as `xs:token`.
    pub(in crate::epp) fn token(self) -> Cow<'t, str> {
        simple::collapse(self.text())
    }

    /// Its text as `xs:normalizedString`.
    pub(in crate::epp) fn line(self) -> Cow<'t, str> {
        simple::normalize(self.text())
    }

    /// Child elements.
    pub(in crate::epp) fn children(self) -> impl Iterator<Item = El<'t>> {
        let (tree, end) = (self.tree, self.node().end);
        let first = (self.at + 1 < end).then_some(El { tree, at: self.at + 1 });
        std::iter::successors(first, move |el| {
            let next = el.node().end;
            (next < end).then_some(El { tree, at: next })
        })
    }

    /// The elements inside, at any depth.
    pub(in crate::epp) fn descendants(self) -> impl Iterator<Item = El<'t>> {
        let tree = self.tree;
        (self.at + 1..self.node().end).map(move |at| El { tree, at })
    }

    /// The first child of that name in this element's own namespace.
    pub(in crate::epp) fn child(self, name: &str) -> Option<El<'t>> {
        self.children_named(name).next()
    }

    /// The first child of that name, which the shape says is there.
    pub(in crate::epp) fn need(self, name: &'static str) -> Result<El<'t>, Refusal> {
        let missing = || Offender { name: name.into(), ..self.bare_offender() };
        self.child(name).ok_or_else(|| Refusal::new(Reason::MissingElement).at(missing()))
    }

    /// The children of that name in this element's own namespace.
    pub(in crate::epp) fn children_named<'n>(
        self,
        name: &'n str,
    ) -> impl Iterator<Item = El<'t>> + use<'t, 'n> {
        let space = self.space();
        self.children().filter(move |el| el.name() == name && el.space() == space)
    }

    /// Attributes without the namespace declarations.
    pub(in crate::epp) fn attrs(self) -> &'t [Attr<'t>] {
        let next = self.tree.nodes.get(self.at + 1).map_or(self.tree.attrs.len(), |node| node.attrs);
        self.tree.attrs.get(self.node().attrs..next).unwrap_or(&[])
    }

    /// The value of an attribute in no namespace.
    pub(in crate::epp) fn attr(self, name: &str) -> Option<&'t str> {
        self.attrs().iter().find(|a| a.space == Space::None && a.name == name).map(|a| &*a.value)
    }

    /// The value of an attribute in no namespace, as `xs:token`.
    pub(in crate::epp) fn attr_token(self, name: &str) -> Option<Cow<'t, str>> {
        self.attr(name).map(simple::collapse)
    }

    /// Whether an attribute is one of XML Schema's own, and which.
    pub(in crate::epp) fn schema_attr(self, attr: &Attr<'t>) -> Option<&'t str> {
        (self.tree.uri(attr.space) == XSI).then_some(attr.name)
    }

    /// This element as the one at fault, without its text.
    pub(in crate::epp) fn bare_offender(self) -> Offender {
        let uri = match self.space() {
            Space::Known(ns) => Cow::Borrowed(ns.uri()),
            _ => Cow::Owned(self.uri().to_owned()),
        };
        let name = self.name().chars().take(SHOWN).collect::<String>();
        Offender { uri, name: Cow::Owned(name), text: String::new() }
    }

    /// This element as the one at fault, with its text where that cannot be a secret.
    pub(in crate::epp) fn offender(self) -> Offender {
        let secret = mask::is_secret(self.name());
        let text = if secret { String::new() } else { self.token().chars().take(SHOWN).collect() };
        Offender { text, ..self.bare_offender() }
    }

    /// A refusal that names this element and its text.
    pub(in crate::epp) fn refuse(self, reason: Reason) -> Refusal {
        Refusal::new(reason).at(self.offender())
    }
}
