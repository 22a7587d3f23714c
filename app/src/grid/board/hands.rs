//! What mouse and keyboard do in the grid.

use super::Board;
use super::held::{Held, draw, reveal, select, with};
use super::says::peek;
use crate::grid::cursor::{Chord, Command, Cursor, Place};
use crate::grid::paint::Painter;
use crate::grid::rows::Row;
use leptos::prelude::*;

impl Board {
    /// A key in the grid. Says whether it meant something here.
    pub fn key(&self, key: &str, chord: Chord) -> bool {
        let Some(command) = Command::of_key(key, chord) else { return false };
        self.run(command);
        true
    }

    /// Does what a key asks for.
    pub fn run(&self, command: Command) {
        match command {
            Command::Move { step, extend } => self.place(|held| {
                let page = held.painter.as_ref().map_or(1, Painter::page);
                let cursor = held.grid.cursor.moved(step, extend, held.grid.extent(page));
                held.grid.cursor = cursor;
            }),
            Command::SelectAll => self.place(|held| select(held, |extent| (0..=extent.0, 0..=extent.1))),
            Command::SelectRow => self.place(|held| {
                let row = held.grid.cursor.at.row;
                select(held, |extent| (row..=row, 0..=extent.1));
            }),
            Command::SelectColumn => self.place(|held| {
                let column = held.grid.cursor.at.column;
                select(held, |extent| (0..=extent.0, column..=column));
            }),
            Command::Toggle => self.toggle(),
            Command::Open => self.open_cell(),
            Command::Escape if self.detail.get_untracked().is_some() => self.detail.set(None),
            Command::Escape => self.place(|held| held.grid.cursor.anchor = None),
            Command::Undo => self.step(true),
            Command::Redo => self.step(false),
            Command::Find => self.find.set(Some(String::new())),
            Command::Fold => {
                let row = with(|held| held.grid.rows.get(held.grid.cursor.at.row).copied()).flatten();
                if let Some(row) = row {
                    self.fold(row);
                    with(|held| reveal(held, true));
                }
            }
        }
    }

    /// Moves or selects, draws, brings the active cell into sight and says it.
    fn place(&self, change: impl FnOnce(&mut Held)) {
        with(|held| {
            let was_range = held.grid.cursor.is_range();
            change(held);
            if was_range || held.grid.cursor.is_range() {
                draw(held);
            }
            reveal(held, true);
        });
        self.say_active();
    }

    /// Space: the cell, or all that is selected.
    fn toggle(&self) {
        let row = with(|held| held.grid.rows.get(held.grid.cursor.at.row).copied()).flatten();
        if let Some(row @ Row::Fold(..)) = row {
            self.fold(row);
            return;
        }
        self.edit(|grid| {
            let selected = grid.selected();
            match selected.as_slice() {
                [] => Ok(()),
                [one] => grid.toggle(*one),
                many => grid.toggle_all(many),
            }
        });
    }

    /// A click on a cell.
    pub fn click(&self, place: Place, shift: bool) {
        if shift {
            self.place(|held| held.grid.cursor = held.grid.cursor.extended(place));
            return;
        }
        let fold = with(|held| {
            held.grid.cursor = Cursor { at: place, anchor: None };
            held.grid.rows.get(place.row).copied().filter(|row| matches!(row, Row::Fold(..)))
        });
        if let Some(Some(row)) = fold {
            self.fold(row);
            return;
        }
        self.edit(|grid| grid.target(place).map_or(Ok(()), |target| grid.toggle(target)));
        with(|held| {
            if let Some(painter) = &mut held.painter {
                painter.focus(&held.grid);
            }
        });
    }

    /// A press on a cell: a drag may begin.
    pub fn press(&self, place: Place) {
        with(|held| held.drag = Some(place));
    }

    /// The pointer over a cell, with the button still down if `dragging`.
    pub fn over(&self, place: Option<Place>, dragging: bool) {
        let dragged = with(|held| {
            if !dragging {
                held.drag = None;
            }
            let from = held.drag.zip(place).filter(|(from, to)| from != to);
            if let Some((from, to)) = from {
                held.grid.cursor = Cursor { at: to, anchor: Some(from) };
                draw(held);
            }
            if let Some(painter) = &mut held.painter {
                painter.hover(&held.grid, place);
            }
            from.is_some()
        });
        let is_active = place.is_some() && place == with(|held| held.grid.cursor.at);
        match (dragged, place) {
            (Some(false), Some(place)) if !is_active => {
                if let Some(Some(says)) = with(|held| peek(&held.grid, place)) {
                    self.says.set(says);
                }
            }
            _ => self.say_active(),
        }
    }

    /// The focus reached a cell by itself, as with Tab or a screen reader.
    pub fn focused(&self, place: Place) {
        let moved = with(|held| {
            let moved = held.grid.cursor.at != place;
            if moved {
                let was_range = held.grid.cursor.is_range();
                held.grid.cursor = Cursor { at: place, anchor: None };
                if was_range {
                    draw(held);
                } else if let Some(painter) = &mut held.painter {
                    painter.moved(&held.grid);
                }
            }
            moved
        });
        if moved == Some(true) {
            self.say_active();
        }
    }
}
