//! The `adgang` binary: reads the command line, runs the command, shows how it ended.

use clap::Parser;
use clap::error::ErrorKind;
use server::answer::Failure;
use server::cli::Cli;
use server::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let json = cli.global.json;
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::Refused(format!("the program cannot start: {error}")).print(),
    };
    match runtime.block_on(command::run(cli)) {
        Ok(answer) => answer.print(json),
        Err(failure) => failure.print(),
    }
}

/// Help and version are answers; anything else becomes one sentence.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone away has read enough.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // Nothing that could be done was typed: the help says what could be.
        let _ = error.print();
        return ExitCode::from(2);
    }
    let text = error.to_string();
    // The first paragraph says what is wrong; usage and tips follow.
    let said: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    let said = said.join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    Failure::BadInput(format!("{said}; see `adgang --help`")).print()
}
