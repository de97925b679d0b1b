import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('library', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Diagnosis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('open', 'open'), ('signed', 'signed'), ('cancelled', 'cancelled')], default='open', max_length=10)),
                ('voices_weight', models.PositiveSmallIntegerField(default=50, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='weight of voices')),
                ('weights', models.JSONField(blank=True, default=dict)),
                ('meetings_since', models.DateField(blank=True, null=True, verbose_name='meetings from')),
                ('meetings_until', models.DateField(blank=True, null=True, verbose_name='meetings until')),
                ('public', models.BooleanField(default=False, verbose_name='published when signed')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('touched', models.JSONField(blank=True, default=dict)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('cancel_reason', models.CharField(blank=True, max_length=400, verbose_name='reason')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnoses', to='accounts.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnoses', to='places.unit')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='diagnosis.diagnosis')),
                ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(fields=['organisation', 'state'], name='diagnosis_mine'), models.Index(fields=['public', 'state', 'place'], name='diagnosis_public')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('departs', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('first', models.CharField(blank=True, max_length=60)),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('versions', models.ManyToManyField(related_name='+', to='library.solutionversion')),
                ('diagnosis', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decision', to='diagnosis.diagnosis')),
            ],
        ),
        migrations.CreateModel(
            name='Enquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('contact_role', models.CharField(choices=[('mayor', 'mayor or deputy'), ('office', 'gmina office, OPS or CUS (community services centre)'), ('board', 'board of an association or foundation'), ('parish', 'parish or church body'), ('workshop', 'workshop head'), ('other', 'another role')], max_length=10, verbose_name='your role')),
                ('has_already', models.TextField(blank=True, max_length=2000, verbose_name='what you already have')),
                ('why', models.TextField(blank=True, max_length=2000, verbose_name='why you ask')),
                ('state', models.CharField(choices=[('received', 'received'), ('in_talks', 'in talks'), ('diagnosed', 'place diagnosed'), ('accepted_for_preparation', 'accepted for preparation'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='received', max_length=24)),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='reason')),
                ('adviser', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='accounts.organisation')),
                ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_enquiries', to='accounts.organisation')),
                ('diagnosis', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='diagnosis.diagnosis')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='places.unit')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enquiries', to='library.solution')),
            ],
            options={
                'verbose_name_plural': 'enquiries',
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['state', 'centre'], name='enquiry_waiting')],
            },
        ),
        migrations.CreateModel(
            name='FactAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.CharField(max_length=60)),
                ('answer', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'not known yet')], max_length=7, verbose_name='answer')),
                ('number', models.FloatField(blank=True, null=True, verbose_name='number')),
                ('who', models.CharField(blank=True, max_length=160, verbose_name='who said so')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('date', models.DateField(default=django.utils.timezone.localdate, verbose_name='date')),
                ('diagnosis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='diagnosis.diagnosis')),
            ],
            options={
                'ordering': ['fact'],
                'constraints': [models.UniqueConstraint(fields=('diagnosis', 'fact'), name='one_answer_per_fact')],
            },
        ),
        migrations.CreateModel(
            name='LocalFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=60, verbose_name='indicator')),
                ('value', models.FloatField(verbose_name='value')),
                ('date', models.DateField(verbose_name='to which day the figure belongs')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('diagnosis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='local_figures', to='diagnosis.diagnosis')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['indicator'],
                'constraints': [models.UniqueConstraint(fields=('diagnosis', 'indicator'), name='one_local_figure')],
            },
        ),
        migrations.CreateModel(
            name='NeighbourChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('pin', 'always compare'), ('drop', 'do not compare')], max_length=4)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('diagnosis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='neighbour_choices', to='diagnosis.diagnosis')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('diagnosis', 'unit'), name='one_choice_per_neighbour')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('pl', 'Polish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('format', models.CharField(choices=[('pdf', 'PDF, to print and to send'), ('docx', 'DOCX, to edit'), ('csv', 'CSV, the numbers')], max_length=4, verbose_name='format')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed')], default='waiting', max_length=7)),
                ('progress', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)])),
                ('heartbeat', models.DateTimeField(default=django.utils.timezone.now)),
                ('file', models.FileField(blank=True, upload_to='reports/%Y/%m/')),
                ('error', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('diagnosis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='diagnosis.diagnosis')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('diagnosis', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='snapshot', to='diagnosis.diagnosis')),
            ],
        ),
    ]
