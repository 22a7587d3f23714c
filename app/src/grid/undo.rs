//! Steps back and forth between states of the draft.

/// Most steps back that are kept.
const STEPS_MAX: usize = 200;

/// A present state, those before it and those taken back.
#[derive(Clone, Debug)]
pub struct Undo<T> {
    past: Vec<T>,
    present: T,
    future: Vec<T>,
}

impl<T: Clone + PartialEq> Undo<T> {
    /// A first state with nothing before it.
    #[must_use]
    pub const fn new(present: T) -> Self {
        Self { past: Vec::new(), present, future: Vec::new() }
    }

    /// The present state.
    #[must_use]
    pub const fn now(&self) -> &T {
        &self.present
    }

    /// Makes another state the present one. What had been taken back is forgotten; the same state
    /// again is no step.
    pub fn push(&mut self, next: T) {
        if next == self.present {
            return;
        }
        self.past.push(std::mem::replace(&mut self.present, next));
        if self.past.len() > STEPS_MAX {
            self.past.remove(0);
        }
        self.future.clear();
    }

    /// One step back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(previous) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.present, previous));
        true
    }

    /// One step forth again. Says whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(next) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.present, next));
        true
    }

    /// Is there a step back?
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forth() {
        let mut undo = Undo::new(0);
        undo.push(1);
        undo.push(2);
        assert!(undo.undo() && undo.undo() && !undo.undo());
        assert_eq!(*undo.now(), 0);
        assert!(undo.redo());
        assert_eq!(*undo.now(), 1);
        undo.push(9);
        assert!(!undo.redo(), "a new step forgets what was taken back");
        assert!(undo.undo() && undo.can_undo());
        assert_eq!(*undo.now(), 1);
    }

    #[test]
    fn the_same_state_is_no_step_and_old_steps_fall_off() {
        let mut undo = Undo::new(0);
        undo.push(0);
        assert!(!undo.can_undo());
        for n in 1..=STEPS_MAX + 5 {
            undo.push(n);
        }
        let mut steps = 0;
        while undo.undo() {
            steps += 1;
        }
        assert_eq!((steps, *undo.now()), (STEPS_MAX, 5));
    }
}
