import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Solution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('kind', models.CharField(choices=[('innovation', 'social innovation'), ('cooperative_model', 'model of a social cooperative')], max_length=20, verbose_name='kind')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('keeper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='kept_solutions', to='accounts.organisation')),
            ],
            options={
                'ordering': ['slug'],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(blank=True, max_length=1200)),
                ('text', models.TextField(max_length=2000)),
                ('source', models.CharField(blank=True, max_length=300)),
                ('contact', models.EmailField(blank=True, max_length=254)),
                ('state', models.CharField(choices=[('new', 'not read yet'), ('used', 'used in a draft'), ('set_aside', 'set aside')], default='new', max_length=10)),
                ('note', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='library.solution')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SolutionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'draft'), ('in_review', 'waits for review'), ('returned', 'returned with a comment'), ('published', 'published')], default='draft', max_length=10)),
                ('card', models.JSONField(default=dict)),
                ('content_hash', models.CharField(max_length=64)),
                ('name_pl', models.CharField(blank=True, max_length=140)),
                ('name_en', models.CharField(blank=True, max_length=140)),
                ('sort_pl', models.CharField(blank=True, db_index=True, max_length=140)),
                ('sort_en', models.CharField(blank=True, db_index=True, max_length=140)),
                ('evidence_level', models.PositiveSmallIntegerField(db_index=True, default=0)),
                ('search', models.JSONField(blank=True, default=dict)),
                ('comment', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='library_versions', to='accounts.organisation')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='library.solution')),
            ],
            options={
                'ordering': ['solution', 'number'],
                'constraints': [models.UniqueConstraint(fields=('solution', 'number'), name='version_number'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'in_review', 'returned'))), fields=('solution',), name='one_open_version_per_solution'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='published_has_date')],
            },
        ),
        migrations.AddField(
            model_name='solution',
            name='current',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='library.solutionversion'),
        ),
        migrations.CreateModel(
            name='Facet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('door', 'How one comes to it'), ('group', 'Whom it serves'), ('need', 'Which problem it answers'), ('domain', 'Which area of public services'), ('kind', 'Kind'), ('evidence', 'How well it is tested')], max_length=10)),
                ('code', models.CharField(max_length=40)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facets', to='library.solutionversion')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'code'], name='facet_kind_code')],
                'constraints': [models.UniqueConstraint(fields=('version', 'kind', 'code'), name='facet_once')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organisation')),
                ('solution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subscriptions', to='library.solution')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('solution', 'user'), name='subscription_of_person'), models.UniqueConstraint(fields=('solution', 'organisation'), name='subscription_of_organisation'), models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', True), ('user__isnull', False)), models.Q(('organisation__isnull', False), ('user__isnull', True)), _connector='OR'), name='subscription_of_one')],
            },
        ),
    ]
