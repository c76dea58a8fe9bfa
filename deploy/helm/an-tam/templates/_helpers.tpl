{{- define "an-tam.name" -}}
{{- printf "%s" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "an-tam.selector" -}}
app.kubernetes.io/name: an-tam
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "an-tam.labels" -}}
{{ include "an-tam.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "an-tam.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* What every pod may do: nothing but run. */}}
{{- define "an-tam.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "an-tam.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* The environment of a kind of process: .root, .secret. */}}
{{- define "an-tam.env" -}}
env:
  {{- range $name, $value := .root.Values.config }}
  - name: {{ $name }}
    value: {{ $value | quote }}
  {{- end }}
  # For the probes and Prometheus, from outside the pod.
  - name: METRICS_PORT
    value: "9464"
  - name: METRICS_HOST
    value: "0.0.0.0"
  {{- range .secret.keys }}
  - name: {{ . }}_FILE
    value: /etc/an-tam/secrets/{{ . }}
  {{- end }}
{{- end }}

{{- define "an-tam.secretVolume" -}}
- name: secrets
  secret:
    secretName: {{ .secret.name }}
    # Octal 0440: readable only by owner and group.
    defaultMode: 288
    items:
      {{- range .secret.keys }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
- name: tmp
  emptyDir: { medium: Memory, sizeLimit: 512Mi }
{{- end }}

{{- define "an-tam.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end }}
