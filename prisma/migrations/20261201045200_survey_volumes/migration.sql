-- CreateTable
CREATE TABLE "survey_volumes" (
    "agency_id" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "procedure" TEXT NOT NULL DEFAULT '',
    "cases" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "told_on" DATE NOT NULL,

    CONSTRAINT "survey_volumes_pkey" PRIMARY KEY ("agency_id","month","procedure")
);

-- AddForeignKey
ALTER TABLE "survey_volumes" ADD CONSTRAINT "survey_volumes_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_volumes"
  ADD CONSTRAINT "survey_volumes_cases" CHECK (cases >= 0 AND extract(day FROM month) = 1);
