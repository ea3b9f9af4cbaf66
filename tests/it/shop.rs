//! Stories of the shop, told as talk.

mod after_sales;
mod buying;
mod crashes;
mod crooked;
mod currencies;
pub mod dying;
mod meaning;
mod memory;
mod models;
mod money;
mod pace;
mod past;
mod sending;
mod sent;
mod simulation;
mod taken;
mod whatsapp;
mod window;
