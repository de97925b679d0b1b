import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('code', models.CharField(max_length=6, primary_key=True, serialize=False)),
                ('level', models.CharField(choices=[('voivodeship', 'voivodeship'), ('powiat', 'powiat'), ('gmina', 'gmina')], max_length=11)),
                ('kind', models.CharField(choices=[('voivodeship', 'voivodeship'), ('powiat', 'powiat'), ('city_powiat', 'city with powiat rights'), ('urban', 'urban gmina'), ('rural', 'rural gmina'), ('mixed', 'urban-rural gmina')], max_length=11)),
                ('name', models.CharField(max_length=80)),
                ('name_key', models.CharField(db_index=True, max_length=80)),
                ('code7', models.CharField(blank=True, max_length=7)),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('lon', models.FloatField()),
                ('lat', models.FloatField()),
                ('area_km2', models.FloatField(null=True)),
                ('settlement', models.CharField(blank=True, max_length=16)),
                ('large_city', models.CharField(blank=True, max_length=6)),
                ('features', models.JSONField(default=dict)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.unit')),
            ],
            options={
                'ordering': ['name_key', 'code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('code7', ''), _negated=True), fields=('code7',), name='places_unit_code7')],
            },
        ),
        migrations.CreateModel(
            name='Dataset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80, unique=True)),
                ('kind', models.CharField(choices=[('shipped', 'shipped with Krzew'), ('bdl', 'GUS BDL'), ('ozps', 'OZPS'), ('local', 'local figures'), ('teryt', 'TERYT'), ('boundaries', 'boundaries')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=300)),
                ('url', models.URLField(blank=True)),
                ('licence', models.CharField(blank=True, max_length=120)),
                ('vintage', models.CharField(blank=True, max_length=60)),
                ('retrieved_on', models.DateField(blank=True, null=True)),
                ('measured_on', models.DateField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('note', models.TextField(blank=True)),
                ('loaded_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('level', models.CharField(choices=[('voivodeship', 'voivodeship'), ('powiat', 'powiat'), ('gmina', 'gmina')], max_length=11)),
                ('role', models.CharField(max_length=12)),
                ('need', models.CharField(blank=True, max_length=24)),
                ('minimum', models.FloatField(null=True)),
                ('maximum', models.FloatField(null=True)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('created', 'created'), ('split', 'part split off'), ('removed', 'removed'), ('renamed', 'renamed'), ('kind_changed', 'kind changed'), ('moved', 'moved to another unit')], max_length=12)),
                ('old', models.CharField(blank=True, max_length=80)),
                ('new', models.CharField(blank=True, max_length=80)),
                ('old_code7', models.CharField(blank=True, max_length=7)),
                ('new_code7', models.CharField(blank=True, max_length=7)),
                ('date_from', models.DateField()),
                ('date_to', models.DateField()),
                ('other', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.unit')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='places.unit')),
            ],
            options={
                'ordering': ['date_from', 'unit'],
            },
        ),
        migrations.CreateModel(
            name='UnitVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('name', models.CharField(max_length=80)),
                ('name_key', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('voivodeship', 'voivodeship'), ('powiat', 'powiat'), ('city_powiat', 'city with powiat rights'), ('urban', 'urban gmina'), ('rural', 'rural gmina'), ('mixed', 'urban-rural gmina')], max_length=11)),
                ('code7', models.CharField(blank=True, db_index=True, max_length=7)),
                ('area_km2', models.FloatField(null=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='places.unit')),
            ],
            options={
                'ordering': ['unit', 'valid_from'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'valid_from'), name='places_version_start')],
            },
        ),
        migrations.CreateModel(
            name='Value',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('value', models.FloatField(null=True)),
                ('flag', models.CharField(choices=[('observed', 'observed'), ('zero', 'true zero'), ('missing', 'no data'), ('suppressed', 'suppressed'), ('not_applicable', 'not applicable'), ('below_unit', 'below the unit of the table'), ('preliminary', 'preliminary')], default='observed', max_length=14)),
                ('numerator', models.FloatField(null=True)),
                ('denominator', models.FloatField(null=True)),
                ('note', models.CharField(blank=True, max_length=20)),
                ('source_code', models.CharField(blank=True, max_length=8)),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='places.dataset')),
                ('indicator', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='values', to='places.indicator')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='places.unit')),
            ],
            options={
                'ordering': ['indicator', 'unit', 'year'],
                'constraints': [models.UniqueConstraint(fields=('indicator', 'unit', 'year', 'dataset'), name='places_value_once_per_dataset'), models.CheckConstraint(condition=models.Q(models.Q(('flag__in', ['missing', 'suppressed', 'not_applicable']), ('value__isnull', True)), models.Q(('value__isnull', False), models.Q(('flag__in', ['missing', 'suppressed', 'not_applicable']), _negated=True)), _connector='OR'), name='places_value_empty_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('flag', 'zero'), _negated=True), ('value', 0), _connector='OR'), name='places_value_zero_is_zero')],
            },
        ),
        migrations.CreateModel(
            name='Boundary',
            fields=[
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='boundary', serialize=False, to='places.unit')),
                ('geometry', models.TextField()),
                ('dataset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boundaries', to='places.dataset')),
            ],
        ),
    ]
