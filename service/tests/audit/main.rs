//! Does harm to real databases and sees each harm named by the audit log.

#[cfg(test)]
mod harm;
#[cfg(test)]
mod school;
#[cfg(test)]
mod whole;
