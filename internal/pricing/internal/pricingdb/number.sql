-- name: NumberPlans :many
SELECT country, source, ranges, imported_at FROM number_plan ORDER BY country;

-- name: NumberRanges :many
SELECT country, first_number, last_number, network FROM number_range ORDER BY first_number, last_number DESC, country;

-- RangeOf is the narrowest range that a number, filled up to 15 digits, lies in.
-- name: RangeOf :one
SELECT country, network, name FROM number_range
WHERE first_number <= @number AND last_number >= @number
ORDER BY last_number - first_number LIMIT 1;

-- name: RangesOfOthers :one
SELECT coalesce(sum(ranges), 0)::bigint FROM number_plan WHERE country <> @country;

-- name: SavePlan :exec
INSERT INTO number_plan (country, source, ranges, imported_by, imported_at)
VALUES (@country, @source, @ranges, @imported_by, @imported_at)
ON CONFLICT (country) DO UPDATE SET
    source = excluded.source, ranges = excluded.ranges, imported_by = excluded.imported_by, imported_at = excluded.imported_at;

-- name: DropRanges :exec
DELETE FROM number_range WHERE country = @country;

-- name: InsertRanges :exec
INSERT INTO number_range (country, first_number, last_number, network, name)
SELECT @country, unnest(@first_numbers::bigint[]), unnest(@last_numbers::bigint[]), unnest(@networks::text[]), unnest(@names::text[]);
