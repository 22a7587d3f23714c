//! The log: one line an event on standard error, as JSON or to read. Never personal data.

use crate::settings::{LogFormat, Settings, SettingsError};
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts the log for the rest of the process.
///
/// # Errors
/// If the directives of `log` cannot be read.
pub fn start(settings: &Settings) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| SettingsError(format!("`log`: `{}` cannot be read: {error}", settings.log)))?;
    let json = match settings.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that was started before, as by another test of the same process, goes on.
    let _ = if json {
        subscriber.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        subscriber.try_init()
    };
    Ok(())
}
