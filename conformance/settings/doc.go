// Package settings reads the files that a run is configured with: credentials
// (--auth), prepared records (--fixtures) and waivers (--waivers).
//
// They are read strictly: an unknown key, a missing variable and a waiver without a
// reason are errors with file and line, all of them at once.
package settings
