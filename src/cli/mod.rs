//! The command line: `demo` and `serve`, the operator's commands, and `epp`, a client for people.
//!
//! Every command takes `--json`; those that change something take `--dry-run`. Results go to standard output, all
//! else to standard error; what went wrong exits with 1, a command line that is not understood with 2.

mod allocation;
mod allow;
mod cert;
mod check;
mod copy;
mod demo;
mod desk;
mod dev_certs;
mod domain;
mod door;
mod epp;
mod given;
mod hitpoints;
mod host;
mod idn;
mod launch;
mod ledger;
mod limits;
mod mail;
mod mailing;
mod maintenance;
mod migrate;
mod names;
mod notice;
mod open;
mod operator;
mod out;
mod pending;
mod policy;
mod poll;
mod post;
mod price;
mod registrar;
mod secret;
mod serve;
mod sessions;
mod tables;
mod user;
mod waiting;
mod zone;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A domain registry server: EPP over TLS, on SQLite or Postgres.
#[derive(Debug, Parser)]
#[command(name = "domesday", version, about, max_term_width = 110)]
struct Cli {
    /// Print one JSON document instead of a table
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// From nothing to a running registry with a zone and two registrars
    Demo(demo::DemoArgs),
    /// Run the server
    Serve(serve::ServeArgs),
    /// Configuration files
    #[command(subcommand)]
    Config(check::ConfigCommand),
    /// Check a configuration file and what it points to, and print what is in force
    CheckConfig(check::CheckArgs),
    /// Bring the database's tables up to date
    Migrate(migrate::MigrateArgs),
    /// Make development certificates for a server and for clients
    DevCerts(dev_certs::DevCertsArgs),
    /// The accounts that sponsor objects
    #[command(subcommand)]
    Registrar(registrar::RegistrarCommand),
    /// The login names of registrars
    #[command(subcommand)]
    User(user::UserCommand),
    /// The client certificates users may come with
    #[command(subcommand)]
    Cert(cert::CertCommand),
    /// The addresses registrars connect from
    #[command(subcommand)]
    Allow(allow::AllowCommand),
    /// How much registrars may ask for in a time
    #[command(subcommand)]
    Limits(limits::LimitsCommand),
    /// The zones and their rules
    #[command(subcommand)]
    Zone(zone::ZoneCommand),
    /// Names that are blocked, reserved or premium
    #[command(subcommand)]
    Names(names::NamesCommand),
    /// Internationalised names: tables, labels, variants
    #[command(subcommand)]
    Idn(idn::IdnCommand),
    /// Profiles: every number and switch of a registry
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// Do what a registrar's staff asks for, by the registrar's own rights and rules
    Desk(desk::DeskArgs),
    /// Domains as they are held
    #[command(subcommand)]
    Domain(domain::DomainCommand),
    /// Name servers as they are held
    #[command(subcommand)]
    Host(host::HostCommand),
    /// What waits for somebody
    #[command(subcommand)]
    Pending(pending::PendingCommand),
    /// Allocation tokens, which open names that are kept back, or have a price of their own
    #[command(subcommand)]
    Allocation(allocation::AllocationCommand),
    /// Who waits for names that are registered
    #[command(subcommand)]
    Waiting(waiting::WaitingCommand),
    /// Launch phases: applications, claims, and whom the registry trusts to sign marks
    #[command(subcommand)]
    Launch(launch::LaunchCommand),
    /// The message queues of registrars
    #[command(subcommand)]
    Poll(poll::PollCommand),
    /// What registrars' faulty commands cost them
    #[command(subcommand)]
    Hitpoints(hitpoints::HitpointsCommand),
    /// What the operator writes to registrars
    #[command(subcommand)]
    Notice(notice::NoticeCommand),
    /// Work on the service, of which registrars are told
    #[command(subcommand)]
    Maintenance(maintenance::MaintenanceCommand),
    /// Mail on its way to registrars
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// What registrars have, and how it came about
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// What operations cost
    #[command(subcommand)]
    Price(price::PriceCommand),
    /// Who is logged in
    Sessions(sessions::SessionsArgs),
    /// Let a running server read its certificates and revocation lists anew
    Reload(operator::Running),
    /// The clock of a sandbox
    #[command(subcommand)]
    Clock(operator::ClockCommand),
    /// Move a registry from one database to another
    Copy(copy::CopyArgs),
    /// Connect as a registrar: log in, send commands, show the answers
    Epp(Box<epp::EppArgs>),
    /// Print a table of the README
    #[command(hide = true)]
    Tables {
        /// Which
        table: tables::Table,
    },
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let Cli { json, command } = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => {
            out::error(&anyhow::Error::from(cause).context("the runtime does not start"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(command, json)) {
        Ok(code) => code,
        Err(fault) => {
            out::error(&fault);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command, json: bool) -> anyhow::Result<ExitCode> {
    let report = match command {
        Command::Demo(args) => return demo::run(&args, json).await,
        Command::Serve(args) => return serve::run(&args, json).await,
        Command::Epp(args) => return epp::run(*args, json).await,
        Command::Desk(args) => return desk::run(&args, json).await,
        Command::Ledger(command) => return ledger::run(&command, json).await,
        Command::Config(command) => check::config(&command)?,
        Command::CheckConfig(args) => check::run(&args).await?,
        Command::Tables { table } => tables::run(table),
        Command::DevCerts(args) => dev_certs::run(&args)?,
        Command::Migrate(args) => migrate::run(&args).await?,
        Command::Registrar(command) => registrar::run(&command).await?,
        Command::User(command) => user::run(&command).await?,
        Command::Cert(command) => cert::run(&command).await?,
        Command::Allow(command) => allow::run(&command).await?,
        Command::Limits(command) => limits::run(&command).await?,
        Command::Zone(command) => zone::run(&command).await?,
        Command::Names(command) => names::run(&command).await?,
        Command::Idn(command) => idn::run(&command).await?,
        Command::Policy(command) => policy::run(&command)?,
        Command::Domain(command) => domain::run(&command).await?,
        Command::Host(command) => host::run(&command).await?,
        Command::Pending(command) => pending::run(&command).await?,
        Command::Allocation(command) => allocation::run(&command).await?,
        Command::Waiting(command) => waiting::run(&command).await?,
        Command::Launch(command) => launch::run(&command).await?,
        Command::Poll(command) => poll::run(&command).await?,
        Command::Hitpoints(command) => hitpoints::run(&command).await?,
        Command::Notice(command) => notice::run(&command).await?,
        Command::Maintenance(command) => maintenance::run(&command).await?,
        Command::Mail(command) => mail::run(&command).await?,
        Command::Price(command) => price::run(&command).await?,
        Command::Sessions(args) => sessions::run(&args).await?,
        Command::Reload(at) => operator::reload(&at).await?,
        Command::Copy(args) => copy::run(&args).await?,
        Command::Clock(command) => operator::clock(&command).await?,
    };
    report.print(json)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_holds_together() {
        super::Cli::command().debug_assert();
    }
}
