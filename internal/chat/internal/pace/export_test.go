package pace

// Len says how many keys are kept.
func (b *Bucket[K]) Len() int { return len(b.full) }
