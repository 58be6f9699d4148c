//! The `domesday` program.

fn main() {}
