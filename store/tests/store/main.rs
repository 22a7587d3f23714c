//! Everything the store promises, on SQLite and on PostgreSQL.

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod material;
#[cfg(test)]
mod open;
#[cfg(test)]
mod school;
