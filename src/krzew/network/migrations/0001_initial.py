import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('where', models.CharField(blank=True, max_length=160, verbose_name='where it was held')),
                ('method', models.CharField(choices=[('dots', 'dots: everyone sticks dots beside the most pressing problems'), ('ranking', 'ranking: the meeting agrees on an order'), ('statements', 'statements only: problems were written down without voting')], default='dots', max_length=12, verbose_name='how problems were ordered')),
                ('minutes', models.TextField(blank=True, max_length=8000, verbose_name='minutes')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='accounts.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
            ],
            options={
                'ordering': ['-date', '-pk'],
                'indexes': [models.Index(fields=['organisation', 'place', 'date'], name='meeting_place')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(choices=[('residents', 'residents'), ('disability', 'people with disabilities and their families'), ('assistance', 'social assistance and employment offices (OPS, PCPR, PUP)'), ('workshop', 'occupational therapy workshops (WTZ)'), ('ngo', 'associations and foundations'), ('church', 'churches'), ('firm', 'firms'), ('government', 'local government'), ('school', 'schools'), ('health', 'health care')], max_length=12, verbose_name='sector')),
                ('people', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='number of people')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='network.meeting')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'sector'), name='one_row_per_sector')],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=200, verbose_name='what these statements say together')),
                ('need', models.CharField(max_length=40, verbose_name='need')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='themes', to='accounts.organisation')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.unit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(blank=True, choices=[('residents', 'residents'), ('disability', 'people with disabilities and their families'), ('assistance', 'social assistance and employment offices (OPS, PCPR, PUP)'), ('workshop', 'occupational therapy workshops (WTZ)'), ('ngo', 'associations and foundations'), ('church', 'churches'), ('firm', 'firms'), ('government', 'local government'), ('school', 'schools'), ('health', 'health care')], max_length=12, verbose_name='who raised it')),
                ('text', models.CharField(max_length=400, verbose_name='problem as it was raised')),
                ('need', models.CharField(blank=True, max_length=40, verbose_name='need')),
                ('votes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='dots')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='place in the order')),
                ('is_quote', models.BooleanField(default=False, verbose_name='may be quoted without a name')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voices', to='network.meeting')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='voices', to='network.theme')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
