// Package channel holds the words between us and text networks. Adapters in
// internal/provider know these words and nothing else of the program; features
// know these words and no adapter.
package channel
