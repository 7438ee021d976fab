//! FLEET. What follows from an inventory: whether it can work, which settings hold, what is to be written elsewhere, and inventories from what is
//! there already.

mod arguments;
pub mod check;
pub mod explain;
pub mod import;
pub mod kinds;
pub mod render;
pub mod timer;
