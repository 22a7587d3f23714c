//! All material, for the operator.

use super::add::require_operator;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::exchange::material::MaterialLine;
use store::material::Material;

impl Service {
    /// All material of every country, that which was taken back too, in the order it was added.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] for anybody but the operator.
    pub async fn materials(&self, actor: &Actor) -> Result<Vec<MaterialLine>, Fault> {
        require_operator(actor)?;
        let all = store::material::all(&mut self.db.read().await?).await?;
        Ok(all.iter().map(line).collect())
    }
}

/// Material, as lists show it.
pub(super) fn line(material: &Material) -> MaterialLine {
    MaterialLine {
        id: material.id,
        title: material.title.clone(),
        country: material.country.clone(),
        subject: material.subject.clone(),
        school_form: material.school_form,
        protected: material.protected,
        file_name: material.file_name.clone(),
        bytes: u64::try_from(material.bytes).unwrap_or_default(),
        added: material.added,
        withdrawn: material.withdrawn,
    }
}
