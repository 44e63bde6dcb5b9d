// Package channel holds the words between us and text networks. Adapters in
// internal/provider know these words and nothing else of the program; features
// know these words and no adapter.
//
// A [Message] goes to an [Adapter], which answers with the names under which
// the network took its parts, or with a [SendError] of a closed list. What
// became of each part comes later as a [Receipt], perhaps twice, late, out of
// order, or before the answer itself.
package channel
