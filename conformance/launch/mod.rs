//! Launch phases with signed marks: a root, its signers and their marks are made here when the tests run.

mod made;
mod mark;
mod signed;
