//! FLEET. What follows from an inventory: whether it can work.

pub mod check;
pub mod kinds;
//! FLEET. What follows from an inventory: which settings hold, what is to be written elsewhere, and inventories from what is there already.
mod arguments;
pub mod explain;
pub mod import;
pub mod render;
pub mod timer;
