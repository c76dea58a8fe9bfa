-- accepted: drop: no release calls the function
-- CreateTable
CREATE TABLE "survey_parts" (
    "agency_id" TEXT NOT NULL,
    "questionnaire_version" INTEGER NOT NULL,
    "facet" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "respondents" INTEGER NOT NULL,
    "published" JSONB NOT NULL,
    "held" JSONB NOT NULL,
    "held_people" INTEGER NOT NULL,

    CONSTRAINT "survey_parts_pkey" PRIMARY KEY ("agency_id","questionnaire_version","facet","value")
);

-- AddForeignKey
ALTER TABLE "survey_parts" ADD CONSTRAINT "survey_parts_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_parts" ADD CONSTRAINT "survey_parts_questionnaire_version_fkey" FOREIGN KEY ("questionnaire_version") REFERENCES "questionnaires"("version") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_parts"
  ADD CONSTRAINT "survey_parts_by_tens" CHECK (facet IN ('state', 'month', 'procedure')
    AND (respondents = 0 OR respondents >= CASE facet WHEN 'procedure' THEN 30 ELSE 10 END)
    AND (value <> '' OR respondents = 0));

-- It answers two more columns. The last release calls `take_waiting_ratings`.
DROP FUNCTION IF EXISTS take_waiting_answers(text, integer, date);
