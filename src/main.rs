//! The `domesday` program.

fn main() -> std::process::ExitCode {
    domesday::cli::main()
}
