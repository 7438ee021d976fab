//! FLEET. What follows from an inventory: whether it can work.

pub mod check;
pub mod kinds;
