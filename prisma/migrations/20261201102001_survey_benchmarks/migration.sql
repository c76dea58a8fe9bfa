-- CreateTable
CREATE TABLE "survey_benchmarks" (
    "agency_id" TEXT NOT NULL,
    "measure" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "ceiling" DOUBLE PRECISION NOT NULL,
    "low" DOUBLE PRECISION,
    "high" DOUBLE PRECISION,
    "source" TEXT NOT NULL,
    "told_on" DATE NOT NULL,

    CONSTRAINT "survey_benchmarks_pkey" PRIMARY KEY ("agency_id","measure","period")
);

ALTER TABLE "survey_benchmarks"
  ADD CONSTRAINT "survey_benchmarks_in_bounds" CHECK (measure IN ('qd766', 'sipas', 'ddci')
    AND value >= 0 AND value <= ceiling AND (low IS NULL) = (high IS NULL)
    AND (low IS NULL OR (low >= 0 AND low <= value AND value <= high AND high <= ceiling)));
