//! Takes code out of a bundle that no page of ours runs, but that the linker has to keep.

use anyhow::{Result, ensure};
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module};

/// What the names of such functions hold.
///
/// Leptos can hydrate every view at once, or step by step as code for its parts arrives. The second
/// way stands in each view's table of functions, so it is linked in, a tenth of a bundle;
/// `app::live::start` begins the first. Only the entries of that table are named here: of smaller
/// functions the compiler keeps one where two do the same, and under either's name.
const UNUSED: &str = "into_any::hydrate_async";

/// Replaces such functions by a trap, and drops what only they called.
///
/// # Errors
/// If there is none: then their name has changed, and nothing would be gained unnoticed.
pub(crate) fn snip(module: &mut Module) -> Result<()> {
    let unused: Vec<FunctionId> =
        module.funcs.iter_local().map(|(id, _)| id).filter(|id| is_unused(module, *id)).collect();
    ensure!(!unused.is_empty(), "no function of the bundle is named `{UNUSED}`");
    for id in unused {
        let kind = module.types.get(module.funcs.get(id).ty());
        let (takes, gives) = (kind.params().to_vec(), kind.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &takes, &gives);
        trap.func_body().unreachable();
        let arguments = takes.iter().map(|kind| module.locals.add(*kind)).collect();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
    walrus::passes::gc::run(module);
    Ok(())
}

fn is_unused(module: &Module, id: FunctionId) -> bool {
    module.funcs.get(id).name.as_deref().is_some_and(|name| name.contains(UNUSED))
}
