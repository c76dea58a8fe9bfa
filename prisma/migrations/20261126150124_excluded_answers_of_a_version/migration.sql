-- An answer that a rule keeps out is one all the same: it counts once that is reversed, and so it holds its agency's version.
-- What a withdrawn change left behind goes to the version of its day; where there is none, it could never count.
UPDATE survey_excluded_responses r SET agency_version_id = v.id FROM agency_versions v
WHERE NOT EXISTS (SELECT FROM agency_versions WHERE id = r.agency_version_id)
  AND v.agency_id = r.agency_id AND v.valid_from <= r.service_date AND (v.valid_to IS NULL OR r.service_date < v.valid_to);
DELETE FROM survey_excluded_responses r
WHERE NOT EXISTS (SELECT FROM agency_versions WHERE id = r.agency_version_id);

-- CreateIndex
CREATE INDEX "survey_excluded_responses_agency_version_id_service_date_idx" ON "survey_excluded_responses"("agency_version_id", "service_date");

-- AddForeignKey
ALTER TABLE "survey_excluded_responses" ADD CONSTRAINT "survey_excluded_responses_agency_version_id_fkey" FOREIGN KEY ("agency_version_id") REFERENCES "agency_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- As before, of the answers that are kept out too.
CREATE OR REPLACE FUNCTION agency_version_keeps_its_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM survey_responses WHERE agency_version_id = NEW.id
             AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to))
    OR EXISTS (SELECT FROM survey_excluded_responses WHERE agency_version_id = NEW.id
               AND (service_date < NEW.valid_from OR service_date >= NEW.valid_to)) THEN
    RAISE EXCEPTION 'agency version %: answers would fall outside it', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'agency_versions_keep_answers';
  END IF;
  RETURN NEW;
END $$;
