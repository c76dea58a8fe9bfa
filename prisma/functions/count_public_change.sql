-- Counts a change of public content. Each connection writes its own row, in the transaction of the change: a reader sees the
-- count and the change together.
CREATE OR REPLACE FUNCTION count_public_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public_changes AS known (connection, changes) VALUES (pg_backend_pid() % 1024, 1)
  ON CONFLICT (connection) DO UPDATE SET changes = known.changes + 1;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "agencies"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "agency_editions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "agency_successions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "agency_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "area_editions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
-- The columns of the order book are left out: they change with every order.
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OF id, ordinal, name, active OR DELETE ON "carriers"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "catalogue_changes"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "facts_carriers"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "facts_months"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "police_areas"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "police_units"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "questionnaires"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_cells"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_code_splits"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_channel_splits"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_benchmarks"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_parts"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_kiosk_cells"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_kiosk_weeks"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_same_network"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_kiosk_removals"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_invited_cells"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_volumes"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_rule_changes"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
-- An exclusion that grows by one answer does not count as a change. Otherwise a flood of answers would drop all kept
-- pages again and again, and the age of a page would tell when an answer came. The number of excluded answers in the
-- ledger may therefore be a minute old.
CREATE OR REPLACE TRIGGER public_change AFTER UPDATE OF reversed_at, reversal, reversal_en OR DELETE ON "survey_exclusions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_months"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_replies"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_reply_changes"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_reports"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER UPDATE OF state, merged_into_id, summary_vi, summary_en, answer_vi,
  answer_en, answered_at, outcome_version, outcome_on OR DELETE ON "survey_suggestions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
-- A waiting comment is no change: only released comments are shown, as a number in steps of ten.
CREATE OR REPLACE TRIGGER public_change AFTER UPDATE OF released, exclusion_id OR DELETE ON "survey_comments"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "area_successions"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "banks"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "unit_services"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
CREATE OR REPLACE TRIGGER public_change AFTER INSERT OR UPDATE OR DELETE ON "survey_receipt_roots"
  FOR EACH STATEMENT EXECUTE FUNCTION count_public_change();
