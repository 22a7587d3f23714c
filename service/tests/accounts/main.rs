//! Accounts, told on both engines: who keeps whose, how long, and what ends them.

#[cfg(test)]
mod access;
#[cfg(test)]
mod askers;
#[cfg(test)]
#[path = "../../src/sign_in/tests/authenticator.rs"]
mod authenticator;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod detail;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod handing;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod may;
#[cfg(test)]
mod may_besides;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod migrating;
#[cfg(test)]
mod notices;
#[cfg(test)]
mod one_person;
#[cfg(test)]
mod oneself;
#[cfg(test)]
mod own;
#[cfg(test)]
mod passkeys;
#[cfg(test)]
mod person_file;
#[cfg(test)]
mod portal;
mod protected;
#[cfg(test)]
mod recorded;
#[cfg(test)]
mod renewing;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod retention;
#[cfg(test)]
mod states;
#[cfg(test)]
mod subjects;
#[cfg(test)]
mod time;
#[cfg(test)]
mod together;
#[cfg(test)]
mod world;
