-- How much each rule keeps out at an agency, and kept out until that was reversed: everybody may ask, and the groups that
-- are to be summed up grow with every month and version of the questions.
-- CreateTable
CREATE TABLE "survey_exclusion_totals" (
    "agency_id" TEXT NOT NULL,
    "reason" "exclusion_reason" NOT NULL,
    "excluded" INTEGER NOT NULL,
    "reversed" INTEGER NOT NULL,

    CONSTRAINT "survey_exclusion_totals_pkey" PRIMARY KEY ("agency_id","reason")
);

-- AddForeignKey
ALTER TABLE "survey_exclusion_totals" ADD CONSTRAINT "survey_exclusion_totals_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whatever is counted while the totals are made waits, and is added by the trigger.
LOCK TABLE survey_exclusions IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO survey_exclusion_totals (agency_id, reason, excluded, reversed)
SELECT agency_id, reason, coalesce(sum(count) FILTER (WHERE reversed_at IS NULL), 0),
  coalesce(sum(count) FILTER (WHERE reversed_at IS NOT NULL), 0)
FROM survey_exclusions GROUP BY agency_id, reason;

-- In the transaction that changes a group, after the group is held: two of one agency wait for each other in that order.
CREATE FUNCTION keep_exclusion_totals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_added integer := coalesce(NEW.count, 0) - coalesce(OLD.count, 0);
  v_excluded integer := CASE WHEN NEW.reversed_at IS NULL THEN coalesce(NEW.count, 0) ELSE 0 END
    - CASE WHEN OLD.reversed_at IS NULL THEN coalesce(OLD.count, 0) ELSE 0 END;
BEGIN
  INSERT INTO survey_exclusion_totals AS total (agency_id, reason, excluded, reversed)
  VALUES (coalesce(NEW.agency_id, OLD.agency_id), coalesce(NEW.reason, OLD.reason), v_excluded, v_added - v_excluded)
  ON CONFLICT (agency_id, reason) DO UPDATE SET
    excluded = total.excluded + EXCLUDED.excluded, reversed = total.reversed + EXCLUDED.reversed;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_exclusion_totals AFTER INSERT OR UPDATE OF count, reversed_at OR DELETE ON "survey_exclusions"
  FOR EACH ROW EXECUTE FUNCTION keep_exclusion_totals();
