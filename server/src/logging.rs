//! The log: one line an event on standard error, as JSON or to read. Never personal data.

use crate::settings::{LogFormat, SettingsError};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the log for the rest of the process: `info`, or directives such as `info,sqlx=warn`.
///
/// # Errors
/// If the directives cannot be read.
pub fn start(directives: &str, format: LogFormat) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(directives)
        .map_err(|error| SettingsError(format!("`log`: `{directives}` cannot be read: {error}")))?;
    let json = match format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    // A line that cannot be written is lost: to complain about it on standard error would panic.
    let subscriber = tracing_subscriber::fmt().log_internal_errors(false);
    let subscriber = subscriber.with_env_filter(filter).with_writer(std::io::stderr);
    // A log that was started before, as by another test of the same process, goes on.
    let _ = if json {
        subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        subscriber.try_init()
    };
    Ok(())
}
