// Package pgserver runs a private Postgres for a program that was given no database.
//
// It owns a folder with the cluster's data, its socket, its log and two locks. The server
// listens on a Unix socket in a folder that only its own system user can enter, and on no
// TCP port, so inside that folder every connection is trusted.
//
// # Life
//
//	Start ── find binaries ── lock the folder ── initdb (first time) ── postgres ──► ready
//	                                                     ▲                            │
//	                                                     └──── backoff ◄──── died ────┤
//	                                                                                  │ Stop
//	                                                                                  ▼
//	                                                                               stopped
//
// # Invariants
//
//   - One Parley per folder: parley.lock is held by this process and by nobody it starts.
//   - One Postgres per folder: postgres.lock is inherited by the postmaster and by every
//     backend, so it is free only when the last of them is gone. What postmaster.pid says
//     is believed only while that lock is held.
//   - Postgres does not outlive its supervisor: where the system allows it (Linux) the kernel
//     asks it to shut down; elsewhere the next Start finds the orphan by its lock and stops it.
//   - Root never runs Postgres; it drops to the user postgres or nobody.
//   - Its log carries no statements, parameters or row values, for those are people's data.
package pgserver
