-- The keys of ratings are all of the first of a month, and kept for longer: whoever looks for others that are past their time
-- must not read them (ADR 95).
CREATE INDEX CONCURRENTLY IF NOT EXISTS "submissions_of_ratings" ON "submissions"("at") WHERE act = ANY (ARRAY['survey.rate'::text, 'survey.rate_at_kiosk'::text]);
