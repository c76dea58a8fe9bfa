CREATE INDEX CONCURRENTLY IF NOT EXISTS "submissions_of_acts" ON "submissions"("at") WHERE act <> ALL (ARRAY['survey.rate'::text, 'survey.rate_at_kiosk'::text]);
