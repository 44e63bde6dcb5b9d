// Package doctor says in words what is wrong with an installation and what to
// do about it: settings, files and keys, networks, the database and the work
// in it. It changes nothing and sends nothing; it may be asked at any time,
// beside a running server or without one.
//
// Each check fetches facts and judges them by its limits. A finding is
//
//	ok        as it should be
//	warning   works, but not well, or not for long
//	problem   something does not work; the command fails
//	unknown   could not be looked at, with the reason
//
// What needs the database is not asked when the database does not answer.
package doctor
