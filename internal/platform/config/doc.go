// Package config holds every setting of the program in one struct.
//
// A setting comes from, in this order: its flag, its environment variable, the file named
// by --config, its default. The file has the form of an environment (NAME=value), so the
// same file serves systemd's EnvironmentFile and docker's --env-file. An unknown name in
// it is an error.
package config
