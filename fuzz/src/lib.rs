//! What the fuzz targets share.

#[path = "../cases/mod.rs"]
pub mod cases;
pub mod cost;
pub mod mutation;
