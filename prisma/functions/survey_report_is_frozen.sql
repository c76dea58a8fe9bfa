-- Refuses to change a report's frozen data or recommendations, or to unpublish or delete it. A published report stays published
-- or withdrawn.
CREATE OR REPLACE FUNCTION survey_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.withdrawn_at IS NOT NULL OR NEW.replaces_id IS NOT NULL THEN
      RAISE EXCEPTION 'a report is withdrawn, or replaces another, once it is there';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'a published report stays'; END IF;
    RETURN OLD;
  END IF;
  IF OLD.dataset IS NOT NULL AND
     (NEW.dataset, NEW.from_month, NEW.to_month, NEW.scope, NEW.agency_ids, NEW.asked_at, NEW.recommendations_vi,
      NEW.recommendations_en) IS DISTINCT FROM
     (OLD.dataset, OLD.from_month, OLD.to_month, OLD.scope, OLD.agency_ids, OLD.asked_at, OLD.recommendations_vi,
      OLD.recommendations_en) THEN
    RAISE EXCEPTION 'a frozen report does not change';
  END IF;
  IF OLD.published_at IS NOT NULL AND
     (NEW.published_at, NEW.replaces_id) IS DISTINCT FROM (OLD.published_at, OLD.replaces_id)
     OR OLD.withdrawn_at IS NOT NULL AND
     (NEW.withdrawn_at, NEW.withdrawn_vi, NEW.withdrawn_en) IS DISTINCT FROM
     (OLD.withdrawn_at, OLD.withdrawn_vi, OLD.withdrawn_en) THEN
    RAISE EXCEPTION 'a published report stays';
  END IF;
  IF NEW.replaces_id IS DISTINCT FROM OLD.replaces_id AND NOT EXISTS (
    SELECT FROM survey_reports WHERE id = NEW.replaces_id AND withdrawn_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'a report replaces one that was withdrawn';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "survey_reports_frozen" BEFORE INSERT OR UPDATE OR DELETE ON "survey_reports"
  FOR EACH ROW EXECUTE FUNCTION survey_report_is_frozen();
