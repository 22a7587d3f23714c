//! Opening a piece of material: whether it opens, that it was opened, and its bytes.

use super::add::hex;
use super::asker::{Asker, piece};
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::MaterialId;
use domain::exchange::RefusalCode;
use domain::material::{name, opens};
use store::Read;
use store::material::Material;
use store::material::opening::NewOpening;

/// For so long what is asked for from further in a file belongs to the opening before it: a reader that
/// fetches a file piece by piece opens it once.
const ONE_OPENING_SECONDS: i64 = 3_600;

/// A file that opens to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialFile {
    /// Our id.
    pub id: MaterialId,
    /// Its name, safe to hand to any system.
    pub name: String,
    /// Its kind, as browsers are told it.
    pub kind: &'static str,
    /// Its length, in bytes.
    pub bytes: u64,
    /// Its digest: of two files with the same one every byte is the same.
    pub digest: String,
}

/// The bytes of a file that was opened, piece by piece. No connection is held between two pieces, so
/// a slow reader keeps nobody waiting.
#[derive(Debug)]
pub struct Opened {
    service: Service,
    id: MaterialId,
    next: u64,
    end: u64,
}

impl Service {
    /// The file, if it opens to the actor; `None` is nobody at all. Nothing is recorded, and no byte
    /// of it can be had.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for what does not open and for what is not there, alike; for nobody
    /// [`RefusalCode::NotSignedIn`] in place of it.
    pub async fn material(&self, actor: Option<&Actor>, id: MaterialId) -> Result<MaterialFile, Fault> {
        let mut read = self.db.read().await?;
        let (material, _) = self.opening(&mut read, actor, id).await?;
        Ok(file(&material))
    }

    /// Opens the file from one byte up to another, the latter not included, and records that it was,
    /// where it is protected.
    ///
    /// # Errors
    /// As [`Service::material`]; [`RefusalCode::BadInput`] for bytes that it does not have.
    pub async fn open_material(
        &self,
        actor: Option<&Actor>,
        id: MaterialId,
        from: u64,
        until: u64,
    ) -> Result<Opened, Fault> {
        let opened = |material: &Material| {
            let is_within = from < until && until <= file(material).bytes;
            let opened = Opened { service: self.clone(), id, next: from, end: until };
            if is_within { Ok(opened) } else { Err(Fault::from(RefusalCode::BadInput)) }
        };
        let (material, _) = self.opening(&mut self.db.read().await?, actor, id).await?;
        if !material.protected {
            return opened(&material);
        }
        // Once more where it is recorded: nothing protected goes out that nobody was told of.
        store::write!(self.db, async |tx| {
            let (material, asker) = self.opening(tx, actor, id).await?;
            let opened = opened(&material)?;
            if let Some(asker) = asker.filter(|_| material.protected) {
                let now = self.env.now();
                let since = now.plus_seconds(-ONE_OPENING_SECONDS);
                let goes_on = from > 0 && store::material::opening::is_recent(tx, id, asker.account, since).await?;
                if !goes_on {
                    let Asker { institution, account, person, .. } = asker;
                    let new = NewOpening { id: self.env.id(), institution, material: id, account, person, opened: now };
                    store::material::opening::insert(tx, &new).await?;
                }
            }
            Ok::<_, Fault>(opened)
        })
    }

    /// The material and the account that asks for it, if it opens.
    async fn opening(
        &self,
        read: &mut Read,
        actor: Option<&Actor>,
        id: MaterialId,
    ) -> Result<(Material, Option<Asker>), Fault> {
        let shut = match actor {
            Some(_) => RefusalCode::NotFound,
            None => RefusalCode::NotSignedIn,
        };
        let asker = match actor {
            Some(actor) => self.asker(read, actor).await?,
            None => None,
        };
        let found = store::material::by_id(read, id).await?.filter(|material| material.withdrawn.is_none());
        let material = found.ok_or(shut)?;
        let answer = match &asker {
            Some(asker) => asker.opens(&material),
            None => opens(None, piece(&material)),
        };
        answer.map_err(|_| shut)?;
        Ok((material, asker))
    }

    /// The bytes of a chunk from a place on, at most up to another.
    async fn material_bytes(&self, id: MaterialId, from: u64, until: u64) -> Result<Vec<u8>, Fault> {
        let lost = || Fault::Internal(format!("material {id} has no byte {from}"));
        let place = i64::try_from(from).map_err(|_| lost())?;
        let chunk = store::material::chunk_with(&mut self.db.read().await?, id, place).await?;
        // Taken back meanwhile: what was begun is not finished.
        let (first, mut bytes) = chunk.ok_or(RefusalCode::NotFound)?;
        let skip = usize::try_from(place - first).map_err(|_| lost())?;
        let most = usize::try_from(until - from).unwrap_or(usize::MAX);
        bytes.truncate(skip.saturating_add(most));
        bytes.drain(..skip.min(bytes.len()));
        if bytes.is_empty() { Err(lost()) } else { Ok(bytes) }
    }
}

impl Opened {
    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] where the file was taken back meanwhile; [`Fault::Store`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if self.next >= self.end {
            return Ok(None);
        }
        let bytes = self.service.material_bytes(self.id, self.next, self.end).await?;
        self.next += bytes.len() as u64;
        Ok(Some(bytes))
    }
}

fn file(material: &Material) -> MaterialFile {
    MaterialFile {
        id: material.id,
        name: name::safe(&material.file_name),
        kind: name::kind(&material.file_name),
        bytes: u64::try_from(material.bytes).unwrap_or_default(),
        digest: hex(&material.sha256),
    }
}
