-- Refuses to change a published questionnaire. Only these changes are allowed: it is retired once; a trial reaches its size once,
-- is adopted once and is retired later. A trial with a size can be adopted only after reaching it.
CREATE OR REPLACE FUNCTION questionnaire_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  decided CONSTANT text[] := ARRAY['retired_at', 'adopted_at', 'decision_vi', 'decision_en',
    'trial_reached_at', 'trial_figures'];
BEGIN
  IF OLD.published_at IS NULL THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR OLD.retired_at IS NOT NULL
    OR (to_jsonb(NEW) - decided) <> (to_jsonb(OLD) - decided)
    OR (OLD.trial_reached_at IS NOT NULL AND (NEW.trial_reached_at, NEW.trial_figures) IS DISTINCT FROM (OLD.trial_reached_at, OLD.trial_figures))
    OR (NEW.adopted_at IS NOT NULL AND NEW.trial_size IS NOT NULL AND NEW.trial_reached_at IS NULL)
    OR (OLD.adopted_at IS NOT NULL AND (to_jsonb(NEW) - 'retired_at') <> (to_jsonb(OLD) - 'retired_at')) THEN
    RAISE EXCEPTION 'questionnaire % is published: it cannot change', OLD.version
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER "questionnaires_immutable" BEFORE UPDATE OR DELETE ON "questionnaires"
  FOR EACH ROW EXECUTE FUNCTION questionnaire_is_immutable();
