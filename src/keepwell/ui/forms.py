"""How a whole form is written when a page says no more than `{{ form }}`: error summary, then each field as in the design."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
