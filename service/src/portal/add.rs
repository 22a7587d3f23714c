//! What operators do to material: add it, and take it back.

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry};
use crate::fault::Fault;
use crate::service::Service;
use domain::exchange::RefusalCode;
use domain::material::{SchoolForm, name};
use domain::{AuthorityId, MaterialId};
use sha2::{Digest, Sha256};
use std::io::SeekFrom;
use store::Write;
use store::material::Material;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt};

/// Bytes in a chunk: what is in memory of a file at a time.
const CHUNK: usize = 256 * 1024;
/// The longest title, in characters.
const TITLE_MAX: usize = 200;
/// The longest file that any installation may allow, in bytes.
pub const MATERIAL_BYTES_MAX: u64 = 1_000_000_000;

/// Material to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaterialOrder {
    /// What its file is called; a path's last part is kept.
    pub file_name: String,
    /// What it is called; `None` for its file's name without the end.
    pub title: Option<String>,
    /// Its subject, by slug.
    pub subject: String,
    /// The country it is made for; `None` for the only one whose schools have the subject.
    pub country: Option<String>,
    /// The form of schooling it is made for; `None` for every one.
    pub school_form: Option<SchoolForm>,
    /// Does it stand in the protected part?
    pub protected: bool,
    /// The longest that its file may be, in bytes; never more than [`MATERIAL_BYTES_MAX`].
    pub bytes_max: u64,
}

impl Service {
    /// Adds material, for the operator. The file is read chunk by chunk, and from its beginning again
    /// where the database asks for a second try; `tell` hears how many bytes are written.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`Fault::Unknown`] for a subject that no catalogue
    /// has, and for a country without an authority; [`RefusalCode::BadInput`] for a title that cannot
    /// be, an empty or unreadable file, a country whose schools do not have the subject, a school form
    /// of another country, and where several countries have the subject and none is named;
    /// [`RefusalCode::TooLarge`] for too long a file.
    pub async fn add_material<S>(
        &self,
        actor: &Actor,
        order: &MaterialOrder,
        source: &mut S,
        tell: &(dyn Fn(u64) + Sync),
    ) -> Result<MaterialId, Fault>
    where
        S: AsyncRead + AsyncSeek + Unpin + Send,
    {
        require_operator(actor)?;
        let material = self.material_of(order)?;
        let bytes_max = order.bytes_max.min(MATERIAL_BYTES_MAX);
        store::write!(self.db, async |tx| {
            source.seek(SeekFrom::Start(0)).await.map_err(|_| RefusalCode::BadInput)?;
            store::material::insert(tx, &material).await?;
            let (bytes, digest) = copy(tx, material.id, source, bytes_max, tell).await?;
            store::material::finish(tx, material.id, bytes, &digest).await?;
            let entry = |entry: Entry| {
                entry
                    .detail("subject", material.subject.as_str())
                    .detail("school_form", material.school_form.map(SchoolForm::code))
                    .detail("protected", material.protected)
                    .detail("bytes", bytes)
                    .detail("sha256", hex(&digest))
            };
            self.tell_of_material(tx, actor, Action::MaterialAdded, &material, entry).await?;
            Ok::<_, Fault>(material.id)
        })
    }

    /// Takes material back, for the operator: it is unknown from then on and its bytes are gone; who
    /// opened it stays recorded.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`Fault::Unknown`] for material that is not there,
    /// or was taken back already.
    pub async fn withdraw_material(&self, actor: &Actor, id: MaterialId) -> Result<(), Fault> {
        require_operator(actor)?;
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let unknown = || Fault::unknown("material", &id.to_string());
            let material = store::material::by_id(tx, id).await?.ok_or_else(unknown)?;
            if !store::material::withdraw(tx, id, now).await? {
                return Err(unknown());
            }
            self.tell_of_material(tx, actor, Action::MaterialWithdrawn, &material, |entry| entry).await
        })
    }

    /// What an order says, checked.
    fn material_of(&self, order: &MaterialOrder) -> Result<Material, Fault> {
        let subject = &order.subject;
        let countries = self.catalogue.countries_of(subject).ok_or_else(|| Fault::unknown("subject", subject))?;
        let file_name = name::safe(&order.file_name);
        let title = order.title.as_deref().unwrap_or_else(|| name::stem(&file_name)).trim().to_owned();
        if title.is_empty() || title.chars().nth(TITLE_MAX).is_some() || title.chars().any(char::is_control) {
            return Err(RefusalCode::BadInput.into());
        }
        let named = order.country.as_deref().or(order.school_form.map(SchoolForm::country));
        let country = match (named, countries.as_slice()) {
            (Some(named), all) => all.iter().find(|country| **country == named),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let country = (*country.ok_or(RefusalCode::BadInput)?).to_owned();
        if order.school_form.is_some_and(|form| form.country() != country) {
            return Err(RefusalCode::BadInput.into());
        }
        Ok(Material {
            id: MaterialId(self.env.id()),
            country,
            subject: subject.clone(),
            school_form: order.school_form,
            title,
            protected: order.protected,
            file_name,
            bytes: 0,
            sha256: Vec::new(),
            added: self.env.now(),
            withdrawn: None,
        })
    }

    /// Says in the log of every authority of the material's country what was done.
    async fn tell_of_material(
        &self,
        tx: &mut Write,
        actor: &Actor,
        action: Action,
        material: &Material,
        details: impl Fn(Entry) -> Entry,
    ) -> Result<(), Fault> {
        let authorities = store::directory::authorities(tx).await?;
        let concerned: Vec<AuthorityId> =
            authorities.into_iter().filter(|it| it.country == material.country).map(|it| it.id).collect();
        if concerned.is_empty() {
            return Err(Fault::unknown("authority of the country", &material.country));
        }
        for authority in concerned {
            let entry = Entry::new(action, actor).at_authority(authority).object("material", material.id);
            audit::append(tx, &self.env, &self.secrets.audit, &details(entry)).await?;
        }
        Ok(())
    }
}

/// Fails for everybody but the operator.
pub(super) fn require_operator(actor: &Actor) -> Result<(), Fault> {
    if actor.via == Via::Operator { Ok(()) } else { Err(RefusalCode::NotAllowed.into()) }
}

/// Writes a file down chunk by chunk; answers its length and its digest.
async fn copy<S: AsyncRead + Unpin + Send>(
    tx: &mut Write,
    id: MaterialId,
    source: &mut S,
    bytes_max: u64,
    tell: &(dyn Fn(u64) + Sync),
) -> Result<(i64, Vec<u8>), Fault> {
    let mut digest = Sha256::new();
    let mut written: u64 = 0;
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let mut rest = (&mut *source).take(CHUNK as u64);
        rest.read_to_end(&mut chunk).await.map_err(|_| RefusalCode::BadInput)?;
        if chunk.is_empty() {
            break;
        }
        let first = place(written)?;
        written += chunk.len() as u64;
        if written > bytes_max {
            return Err(RefusalCode::TooLarge.into());
        }
        digest.update(&chunk);
        store::material::insert_chunk(tx, id, first, &chunk).await?;
        tell(written);
    }
    if written == 0 {
        return Err(RefusalCode::BadInput.into());
    }
    Ok((place(written)?, digest.finalize().to_vec()))
}

fn place(bytes: u64) -> Result<i64, Fault> {
    i64::try_from(bytes).map_err(|_| RefusalCode::TooLarge.into())
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
