//! Stories of the shop, told as talk.

mod after_sales;
mod buying;
mod crashes;
mod dying;
mod models;
mod simulation;
