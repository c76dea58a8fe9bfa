-- What is excluded never waits: it stayed in the index that each ten answers look through.
DROP INDEX "survey_comments_waiting";
CREATE INDEX "survey_comments_waiting" ON "survey_comments"("agency_id", "questionnaire_version") WHERE ((NOT released) AND (exclusion_id IS NULL));

-- Suggestions whose words are still there, for the job that empties them.
CREATE INDEX "survey_suggestions_unforgotten" ON "survey_suggestions"("answered_at") WHERE (text <> ''::text);
CREATE INDEX "survey_suggestions_merged_unforgotten" ON "survey_suggestions"("merged_into_id") WHERE (text <> ''::text);
